import type { CallFault } from '#libs/upstream';
import { promptToSend, scrubForeignText } from '#libs/wire';
import type { Change } from '../change.js';
import { nextPollDelay } from '../poll-pace.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';
import { FIRST_LOOK_UP_MS } from '../send-times.js';

type Settled = Extract<TaskEvent, { kind: 'settled' }>;

/**
 * Whether the confirmation of a modal is being sent: the upstream knows the task already, but not yet that it is
 * confirmed.
 */
export function isBeingConfirmed({ task }: ChangeBuilder): boolean {
  return task.confirmedAt !== null && task.sendDeadline !== null && !task.waiting;
}

/**
 * Applies the answer to a confirmation. A declined or unstarted confirmation turns the task back into a modal,
 * refunded; after an unknown outcome the task is polled by the upstream id that it already has.
 */
export function onModalOutcome(change: ChangeBuilder, event: Settled): Change | null {
  const { outcome, source } = event;
  change.set({ sendDeadline: null });
  switch (outcome.kind) {
    case 'accepted':
    case 'queued':
      return continueTask(change, event, outcome.upstreamTaskIds[0]).note('accepted', source).done();
    case 'exists':
      return continueTask(change, event, outcome.upstreamTaskId).note('accepted', source).done();
    // A modal never uploads anything.
    case 'uploaded':
      return continueTask(change, event, null).note('unknown', source, { fault: 'unreadable' }).done();
    case 'unknown':
      if (change.task.upstreamTaskId === null) return lookUp(change, event, outcome.fault);
      return continueTask(change, event, null).note('unknown', source, { fault: outcome.fault }).done();
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

/** The upstream never knew the modal, so only a look-up can tell whether it has taken the work. */
function lookUp(change: ChangeBuilder, { source, mayResend }: Settled, fault: CallFault): Change | null {
  const { now } = change;
  change.set({ lookUpAt: new Date(now.getTime() + FIRST_LOOK_UP_MS) });
  if (mayResend) change.set({ sendEndedAt: now });
  else change.dropInput();
  return change.note('unknown', source, { fault }).done();
}

/**
 * Continues the task after an accepted confirmation, under the new upstream id if the upstream answered one. A final
 * prompt that belongs to another text than the one sent is forgotten.
 */
function continueTask(
  change: ChangeBuilder,
  { pace, modalPrompt }: Settled,
  upstreamTaskId: string | null,
): ChangeBuilder {
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
  // MODAL is the only status that a task may step back to: nothing was begun, and the client has to confirm again.
  change.set({ status: 'MODAL' });
  return change.markVisible().release({ refund: true }).dropInput();
}
