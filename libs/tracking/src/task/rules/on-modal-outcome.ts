import { promptToSend, scrubForeignText } from '#libs/wire';
import type { Change } from '../change.js';
import { nextPollDelay } from '../poll-pace.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

type Settled = Extract<TaskEvent, { kind: 'settled' }>;

/** Whether a confirmed window is being sent: its upstream knows it already, only not yet that it is confirmed. */
export function isBeingConfirmed({ task }: ChangeBuilder): boolean {
  return task.confirmedAt !== null && task.sendDeadline !== null && !task.waiting;
}

/**
 * What the answer to a confirmation makes of the task. Declined or not begun, it is a window again, refunded; unknown, it
 * is polled by the id it has.
 */
export function onModalOutcome(change: ChangeBuilder, event: Settled): Change | null {
  const { outcome, source } = event;
  change.set({ sendDeadline: null });
  switch (outcome.kind) {
    case 'accepted':
    case 'queued':
      return goOn(change, event, outcome.upstreamTaskIds[0]).note('accepted', source).done();
    case 'exists':
      return goOn(change, event, outcome.upstreamTaskId).note('accepted', source).done();
    // No window uploads anything.
    case 'uploaded':
      return goOn(change, event, null).note('unknown', source, { fault: 'unreadable' }).done();
    case 'unknown':
      return goOn(change, event, null).note('unknown', source, { fault: outcome.fault }).done();
    case 'window':
      return reopen(change).note('window', source).done();
    case 'refused':
      return reopen(change)
        .note('refused', source, { code: outcome.code, reason: scrubForeignText(outcome.words) })
        .done();
    case 'banned':
      return reopen(change).note('refused', source, { bannedWord: outcome.bannedWord }).done();
    case 'full':
      return reopen(change).note('refused', source, { why: 'full' }).done();
    case 'nothing_done':
      return reopen(change).note('refused', source, { why: outcome.fault }).done();
  }
}

/**
 * An upstream that answers another id than the window's goes on under that one. What was known of the window's text is not
 * known of another one that was sent; a window that is opened again has its text yet.
 */
function goOn(change: ChangeBuilder, { pace, modalPrompt }: Settled, upstreamTaskId: string | null): ChangeBuilder {
  const { task, now } = change;
  if (modalPrompt !== undefined && modalPrompt !== promptToSend(task.finalPrompt)) {
    change.set({ promptEn: '', finalPrompt: '', finalZhPrompt: '' });
  }
  change.set({ upstreamTaskId: upstreamTaskId ?? task.upstreamTaskId });
  change.set({ nextPollAt: new Date(now.getTime() + nextPollDelay(0, 0, pace)) });
  return change.dropInput().markVisible();
}

function reopen(change: ChangeBuilder): ChangeBuilder {
  change.set({ confirmedAt: null, nextPollAt: null, deadlineAt: null });
  // The one step back that there is: nothing was begun, and its client has to confirm it anew.
  change.set({ status: 'MODAL' });
  return change.markVisible().release({ refund: true }).dropInput();
}
