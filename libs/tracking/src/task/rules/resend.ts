import type { FailCode } from '#libs/wire';
import type { EndedSend } from '../change.js';
import type { EventSource } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

/**
 * Failures after which the work may be sent again by itself, where its client asked for that. Not those that nobody knows
 * the truth of (it may be at work there: only a proof has it sent again), nor those of which there was no try.
 */
const RETRIED: ReadonlySet<FailCode> = new Set(['upstream_failed', 'timeout', 'missing']);
/** Before the first retry, doubling: what broke has a moment to mend. */
const FIRST_PAUSE_MS = 2_000;

/**
 * Has the task wait to be sent once more: its price stays held, its slot is given back, and of the send that is over
 * nothing is left in it. It waits until `notBefore`; null: it is sent as soon as there is a slot. A follow-up goes to the
 * upstream of its parent, all others to whichever takes them.
 */
export function queueAgain(change: ChangeBuilder, why: EndedSend['why'], notBefore: Date | null): ChangeBuilder {
  change.endSend(why).freeSlot().set({ waiting: true, waitUntil: notBefore });
  if (change.task.parentId === null) change.set({ upstreamId: null });
  change.set({ upstreamTaskId: null, sentAt: null, sendDeadline: null, sendEndedAt: null });
  return change.set({ lookUpAt: null, lastNoAt: null, lookUpNoes: 0, provenNoes: 0 });
}

/** Whether a failure is no end yet. A confirmed window cannot be opened again, and who wants it stopped does not want another. */
export function mayRetry(task: Task, code: FailCode): boolean {
  const { retriesLeft, confirmedAt, aliasOf, cancelAskedAt } = task;
  return retriesLeft > 0 && RETRIED.has(code) && confirmedAt === null && aliasOf === null && cancelAskedAt === null;
}

/**
 * What would have ended the task has it sent again. Its client sees it stay where it is, status and progress, until the new
 * try is further on; only its preview goes, which was the failed one's.
 */
export function retry(change: ChangeBuilder, code: FailCode, reason: string, source: EventSource): ChangeBuilder {
  const { task, now } = change;
  const { sendAttempt: attempt, upstreamId } = task;
  const pause = FIRST_PAUSE_MS * 2 ** (task.retries - task.retriesLeft);
  change.set({ retriesLeft: task.retriesLeft - 1 });
  queueAgain(change, 'failed', new Date(now.getTime() + pause));
  change.set({ nextPollAt: null, polledAt: null, missingSince: null, picturelessSince: null, deadlineAt: null });
  change.set({ quietPolls: 0, imageUrl: null, messageId: null, messageHash: null, seed: null });
  return change.note('retry', source, { failCode: code, reason, attempt, upstreamId, left: task.retriesLeft });
}
