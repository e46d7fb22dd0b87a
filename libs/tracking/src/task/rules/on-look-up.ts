import type { Change } from '../change.js';
import { queueAgain } from './resend.js';
import { accept, openModal, UNKNOWN_REASON } from './on-outcome.js';
import { onSnapshot } from './on-snapshot.js';
import type { TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

type LookUp = Extract<TaskEvent, { kind: 'found' | 'denied' | 'inconclusive' }>;

/** Two noes only count when an upstream had this long to accept in between, ms. */
export const NOT_FOUND_GAP_MS = 30_000;
const NOT_FOUND_NEEDED = 2;

/**
 * What a look-up of an unknown submit makes of the task. It is sent again only where its upstream is proven not to have
 * taken it, and the process that sent it said that its connection is closed (docs/decisions/0030).
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

/** While it waits to be sent again it is spared that: it goes on as what its upstream took. It holds no slot there. */
export function onTakenLate(change: ChangeBuilder, event: Extract<TaskEvent, { kind: 'taken_late' }>): Change | null {
  const { task } = change;
  if (change.isEnded() || task.upstreamTaskId !== null || !task.waiting || task.resends === 0) return null;
  change.set({ waiting: false, waitUntil: null, upstreamId: event.upstreamId });
  return adopt(change, event);
}

/** The upstream shows the task under its id there. The look-up has brought a whole snapshot: what it says holds from now on. */
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
    return queueAgain(change, 'not_taken', null).note('resend', source, detail).done();
  }
  // One that proves it after one that did not is the first of the two that are needed.
  if (mayResend || task.lookUpNoes < NOT_FOUND_NEEDED)
    return change.note('denied', source, isProven ? { isProven } : {}).done();
  return change.fail('outcome_unknown', UNKNOWN_REASON, source).done();
}

/** When an unknown submit is given up, ms since 1970. */
function givesUpAt(task: Task, event: Extract<LookUp, { kind: 'inconclusive' }>): number {
  const { settleMs, longestMs, askableSince } = event;
  const deadline = (task.sendDeadline ?? task.submittedAt).getTime();
  // A first no makes it worth waiting as long again for the second, and once more for the time that must be between them.
  const gracePeriodMs = settleMs * (1 + task.lookUpNoes);
  const untilNextNotFound = task.lastNoAt === null ? 0 : task.lastNoAt.getTime() + NOT_FOUND_GAP_MS + settleMs;
  const last = Math.max(deadline + Math.max(longestMs, gracePeriodMs), untilNextNotFound);
  if (askableSince === null) return last;
  return Math.min(last, Math.max(Math.max(deadline, askableSince.getTime()) + gracePeriodMs, untilNextNotFound));
}
