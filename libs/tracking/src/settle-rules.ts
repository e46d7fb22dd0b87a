import { scrubForeignText } from '#libs/wire';
import type { Change } from './change.js';
import { nextPollDelay } from './poll-pace.js';
import type { TaskEvent } from './task-event.js';
import type { Draft } from './transition.js';

type Settled = Extract<TaskEvent, { kind: 'settled' }>;

/** How long a task waits before it is sent again, after an upstream was full or away: 2 s doubling to 60 s. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
/** The first look-up of an unknown outcome: an upstream that did accept needs a moment to list it. */
const FIRST_LOOK_UP_MS = 2_000;

/** What the answer to a submit makes of the task. */
export function onSettled(draft: Draft, event: Settled): Change | null {
  const { task, now } = draft;
  const { outcome, source } = event;
  if (draft.isOver()) return onLateAnswer(draft, event);
  // Someone else (a look-up, a push) found the truth first.
  if (task.upstreamTaskId !== null) return null;
  task.lookUpAt = null;
  switch (outcome.kind) {
    case 'accepted':
      return accept(draft, event, outcome.upstreamTaskIds[0]).show('SUBMITTED').note('accepted', source).done();
    case 'queued':
      return accept(draft, event, outcome.upstreamTaskIds[0])
        .touch()
        .note('queued', source, { ahead: outcome.ahead })
        .done();
    case 'exists':
      return accept(draft, event, outcome.upstreamTaskId).show('SUBMITTED').note('exists', source).done();
    case 'window':
      task.upstreamTaskId = outcome.upstreamTaskId;
      task.finalPrompt = outcome.finalPrompt;
      return draft.show('MODAL').release({ refund: true }).dropInput().note('window', source).done();
    case 'full':
      return waitOrRefuse(draft, event, 'full');
    case 'nothing_done':
      return waitOrRefuse(draft, event, outcome.fault);
    case 'banned':
      return draft
        .refuse('banned', 'Prompt may contain a sensitive word', source, { bannedWord: outcome.bannedWord })
        .done();
    case 'refused':
      return draft
        .refuse('refused', scrubForeignText(outcome.words) || 'The upstream declined it', source, {
          code: outcome.code,
        })
        .done();
    case 'unknown':
      task.lookUpAt = new Date(now.getTime() + FIRST_LOOK_UP_MS);
      return draft.dropInput().note('unknown', source, { fault: outcome.fault }).done();
  }
}

/** The task is with its upstream now: it is polled, and it has a deadline. */
export function accept(
  draft: Draft,
  { pace, timeoutMs }: { pace: Settled['pace']; timeoutMs: number },
  upstreamTaskId: string,
): Draft {
  const { task, now } = draft;
  task.upstreamTaskId = upstreamTaskId;
  task.nextPollAt = new Date(now.getTime() + nextPollDelay(0, 0, pace));
  task.deadlineAt = new Date(now.getTime() + timeoutMs);
  return draft.dropInput();
}

function waitOrRefuse(draft: Draft, { source, mayWait }: Settled, why: string): Change | null {
  const { task, now } = draft;
  if (!mayWait) return draft.refuse('refused', 'No upstream could take it', source, { why }).done();
  const pause = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, task.sendAttempt - 1));
  draft.freeSlot();
  task.waiting = true;
  task.waitUntil = new Date(now.getTime() + pause);
  if (task.parentId === null) task.upstreamId = null;
  task.sentAt = task.sendDeadline = null;
  return draft.note('waiting', source, { why }).done();
}

/** An acceptance that comes after the task was given up changes nothing that clients see; it is only written down. */
function onLateAnswer(draft: Draft, { outcome, source }: Settled): Change | null {
  if (outcome.kind !== 'accepted' && outcome.kind !== 'queued') return null;
  if (draft.task.upstreamTaskId === null) draft.task.upstreamTaskId = outcome.upstreamTaskIds[0];
  return draft.note('late_acceptance', source).done();
}
