import { promptToSend, scrubForeignText } from '#libs/wire';
import type { Change } from '../change.js';
import { nextPollDelay } from '../poll-pace.js';
import type { TaskEvent } from '../event.js';
import type { Draft } from '../transition.js';

type Settled = Extract<TaskEvent, { kind: 'settled' }>;

/** Whether a confirmed window is being sent: its upstream knows it already, only not yet that it is confirmed. */
export function isBeingConfirmed({ task }: Draft): boolean {
  return task.confirmedAt !== null && task.sendDeadline !== null && !task.waiting;
}

/**
 * What the answer to a confirmation makes of the task. Declined or not begun, it is a window again, refunded; unknown, it
 * is polled by the id it has.
 */
export function onConfirmSettled(draft: Draft, event: Settled): Change | null {
  const { task } = draft;
  const { outcome, source } = event;
  task.sendDeadline = null;
  switch (outcome.kind) {
    case 'accepted':
    case 'queued':
      return goOn(draft, event, outcome.upstreamTaskIds[0]).note('accepted', source).done();
    case 'exists':
      return goOn(draft, event, outcome.upstreamTaskId).note('accepted', source).done();
    // No window uploads anything.
    case 'uploaded':
      return goOn(draft, event, null).note('unknown', source, { fault: 'unreadable' }).done();
    case 'unknown':
      return goOn(draft, event, null).note('unknown', source, { fault: outcome.fault }).done();
    case 'window':
      return reopen(draft).note('window', source).done();
    case 'refused':
      return reopen(draft)
        .note('refused', source, { code: outcome.code, reason: scrubForeignText(outcome.words) })
        .done();
    case 'banned':
      return reopen(draft).note('refused', source, { bannedWord: outcome.bannedWord }).done();
    case 'full':
      return reopen(draft).note('refused', source, { why: 'full' }).done();
    case 'nothing_done':
      return reopen(draft).note('refused', source, { why: outcome.fault }).done();
  }
}

/**
 * An upstream that answers another id than the window's goes on under that one. What was known of the window's text is not
 * known of another one that was sent; a window that is opened again has its text yet.
 */
function goOn(draft: Draft, { pace, windowPrompt }: Settled, upstreamTaskId: string | null): Draft {
  const { task, now } = draft;
  if (windowPrompt !== undefined && windowPrompt !== promptToSend(task.finalPrompt)) {
    task.promptEn = task.finalPrompt = task.finalZhPrompt = '';
  }
  task.upstreamTaskId = upstreamTaskId ?? task.upstreamTaskId;
  task.nextPollAt = new Date(now.getTime() + nextPollDelay(0, 0, pace));
  return draft.dropInput().touch();
}

function reopen(draft: Draft): Draft {
  const { task } = draft;
  task.confirmedAt = null;
  task.nextPollAt = null;
  task.deadlineAt = null;
  // The one step back that there is: nothing was begun, and its client has to confirm it anew.
  task.status = 'MODAL';
  return draft.touch().release({ refund: true }).dropInput();
}
