import { isBoundToUpstream } from './bound-upstream.js';
import type { FailCode } from '#libs/wire';
import type { EndedSend } from '../change.js';
import type { EventSource } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

/**
 * Failures that a retry may cure, if the client asked for retries. Failures of unknown outcome are excluded, because
 * the work may be running (only a proof of absence leads to a resend), and so are failures before any attempt.
 */
const RETRIED: ReadonlySet<FailCode> = new Set(['upstream_failed', 'timeout', 'missing']);
/** Back-off before the first retry, ms, doubling with each further one. */
const FIRST_PAUSE_MS = 2_000;

/**
 * Queues the task for another attempt: the price stays held, the slot is freed, and every trace of the past attempt
 * leaves the row. The task waits until `notBefore`; null: until a slot is free. A follow-up goes to the upstream of its
 * parent, any other task to whichever upstream takes it.
 */
export function requeue(change: ChangeBuilder, why: EndedSend['why'], notBefore: Date | null): ChangeBuilder {
  change.endSend(why).freeSlot().set({ waiting: true, waitUntil: notBefore });
  if (!isBoundToUpstream(change.task)) change.set({ upstreamId: null });
  change.set({ upstreamTaskId: null, sentAt: null, sendDeadline: null, sendEndedAt: null });
  return change.set({ lookUpAt: null, lastNoAt: null, lookUpNoes: 0, provenNoes: 0 });
}

/**
 * Whether a failure leads to a retry. Neither a confirmed modal, which cannot be opened again, nor a task that its
 * client wants cancelled is retried.
 */
export function mayRetry(task: Task, code: FailCode): boolean {
  const { retriesLeft, confirmedAt, aliasOf, cancelAskedAt } = task;
  return retriesLeft > 0 && RETRIED.has(code) && confirmedAt === null && aliasOf === null && cancelAskedAt === null;
}

/**
 * Retries the task instead of ending it. The client sees status and progress stay where they are until the new attempt
 * is further on; only the preview of the failed attempt disappears.
 */
export function retry(change: ChangeBuilder, code: FailCode, reason: string, source: EventSource): ChangeBuilder {
  const { task, now } = change;
  const { sendAttempt: attempt, upstreamId } = task;
  const pause = FIRST_PAUSE_MS * 2 ** (task.retries - task.retriesLeft);
  change.set({ retriesLeft: task.retriesLeft - 1 });
  requeue(change, 'failed', new Date(now.getTime() + pause));
  change.set({ nextPollAt: null, polledAt: null, missingSince: null, picturelessSince: null, deadlineAt: null });
  change.set({ quietPolls: 0, imageUrl: null, messageId: null, messageHash: null, seed: null });
  return change.note('retry', source, { failCode: code, reason, attempt, upstreamId, left: task.retriesLeft });
}
