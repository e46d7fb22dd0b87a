import type { Change } from '../change.js';
import { requeue } from './resend.js';
import { accept, openModal, UNKNOWN_REASON } from './on-outcome.js';
import { onSnapshot } from './on-snapshot.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

type LookUp = Extract<TaskEvent, { kind: 'found' | 'denied' | 'inconclusive' }>;

/** Two look-ups without a find only count when the upstream had this much time between them to list the task, ms. */
export const NOT_FOUND_GAP_MS = 30_000;
const NOT_FOUND_NEEDED = 2;

/**
 * Applies the result of a look-up to a task whose submit has an unknown outcome. The task is sent again only if the
 * upstream is proven not to have taken it and the sending process recorded that its connection is closed
 * (docs/decisions/0030).
 */
export function onLookUp(change: ChangeBuilder, event: LookUp): Change | null {
  const { task, now } = change;
  if (change.isEnded() || task.upstreamTaskId !== null || task.waiting) return null;
  switch (event.kind) {
    case 'found':
      return adopt(change, event);
    case 'denied':
      return onDenied(change, event);
    case 'inconclusive': {
      change.set({ lookUpAt: event.nextLookUp });
      if (now.getTime() < givesUpAt(task, event)) return change.withoutVersion();
      return change.note('unconfirmed', event.source).fail('outcome_unknown', UNKNOWN_REASON, event.source).done();
    }
  }
}

/**
 * The upstream accepted an earlier attempt while the task waits to be sent again: the task continues as that accepted
 * attempt. It holds no slot at the upstream.
 */
export function onTakenLate(change: ChangeBuilder, event: Extract<TaskEvent, { kind: 'taken_late' }>): Change | null {
  const { task } = change;
  if (change.isEnded() || task.upstreamTaskId !== null || !task.waiting || task.resends === 0) return null;
  change.set({ waiting: false, waitUntil: null, upstreamId: event.upstreamId });
  return adopt(change, event);
}

/** Adopts the upstream's task: its id, and the whole snapshot that the look-up brought. */
function adopt(change: ChangeBuilder, event: Extract<TaskEvent, { kind: 'found' | 'taken_late' }>): Change | null {
  const { source, snapshot, pace } = event;
  if (snapshot.status === 'MODAL') return openModal(change, snapshot, source).done();
  accept(change, event, snapshot.upstreamTaskId).setStatus('SUBMITTED').note('found', source);
  change.set({ lookUpAt: null });
  return onSnapshot(change, { kind: 'snapshot', source, snapshot, pace });
}

function onDenied(change: ChangeBuilder, event: Extract<LookUp, { kind: 'denied' }>): Change | null {
  const { task, now } = change;
  const { source, nextLookUp, isProven, maxResends } = event;
  change.set({ lookUpAt: nextLookUp });
  const isEarly = task.sendDeadline !== null && now < task.sendDeadline;
  const isTooSoon = task.lastNoAt !== null && now.getTime() - task.lastNoAt.getTime() < NOT_FOUND_GAP_MS;
  if (isEarly || isTooSoon) return change.withoutVersion();
  const provenNoes = isProven ? task.provenNoes + 1 : 0;
  change.set({ lookUpNoes: task.lookUpNoes + 1, provenNoes, lastNoAt: now });
  const mayResend = isProven && task.sendEndedAt !== null && task.resends < maxResends;
  if (mayResend && task.provenNoes >= NOT_FOUND_NEEDED) {
    change.set({ resends: task.resends + 1 });
    const detail = { why: 'not_taken', attempt: task.sendAttempt, upstreamId: task.upstreamId };
    return requeue(change, 'not_taken', null).note('resend', source, detail).done();
  }
  // A proof that follows a plain not-found is only the first of the two proofs that a resend needs.
  if (mayResend || task.lookUpNoes < NOT_FOUND_NEEDED)
    return change.note('denied', source, isProven ? { isProven } : {}).done();
  return change.fail('outcome_unknown', UNKNOWN_REASON, source).done();
}

/** When a submit with unknown outcome is given up, ms since 1970. */
function givesUpAt(task: Task, event: Extract<LookUp, { kind: 'inconclusive' }>): number {
  const { settleMs, longestMs, askableSince } = event;
  const deadline = (task.sendDeadline ?? task.submittedAt).getTime();
  // A first not-found extends the grace period by its own length for the second look-up, plus the gap that must lie
  // between the two.
  const gracePeriodMs = settleMs * (1 + task.lookUpNoes);
  const untilNextNotFound = task.lastNoAt === null ? 0 : task.lastNoAt.getTime() + NOT_FOUND_GAP_MS + settleMs;
  const last = Math.max(deadline + Math.max(longestMs, gracePeriodMs), untilNextNotFound);
  if (askableSince === null) return last;
  return Math.min(last, Math.max(Math.max(deadline, askableSince.getTime()) + gracePeriodMs, untilNextNotFound));
}
