import { isTerminal } from '#libs/wire';
import type { Change } from '../change.js';
import type { EventSource, TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

type Cancelled = Extract<TaskEvent, { kind: 'cancelled' }>;
type CancelAsked = Extract<TaskEvent, { kind: 'cancel_asked' }>;

/**
 * How a cancel request can be served. `at_once`: no upstream works on the task; `ask`: the upstream has to be asked;
 * `asked`: the upstream was asked before; `not_now`: the task is being sent, or the outcome of its send is unknown.
 */
export type CancelWay = 'finished' | 'at_once' | 'ask' | 'asked' | 'not_now';

/** @param now the database's time */
export function cancelWayOf(task: Task, now: Date): CancelWay {
  if (isTerminal(task.status)) return 'finished';
  // An alias has no work of its own at the upstream: it just stops following its original.
  if (task.waiting || task.status === 'MODAL' || task.aliasOf !== null) return 'at_once';
  const isConfirming = task.confirmedAt !== null && task.sendDeadline !== null && task.sendDeadline > now;
  if (task.upstreamTaskId === null || task.lookUpAt !== null || isConfirming) return 'not_now';
  return task.cancelAskedAt === null ? 'ask' : 'asked';
}

/** Cancels the task at once and refunds it: no upstream has begun. */
export function onCancelled(change: ChangeBuilder, { source }: Cancelled): Change | null {
  return cancelWayOf(change.task, change.now) === 'at_once'
    ? change.finish('CANCEL', source, { refund: true }).done()
    : null;
}

/** The upstream was asked to cancel the task. The next poll, due now, reads what the upstream did about the request. */
export function onCancelAsked(change: ChangeBuilder, { source }: CancelAsked): Change | null {
  const { task, now } = change;
  if (!change.isFollowed() || task.cancelAskedAt !== null) return null;
  return change.set({ cancelAskedAt: now, nextPollAt: now, quietPolls: 0 }).note('cancel_asked', source).done();
}

/**
 * The upstream ended the task without a result. If the client had asked for the cancel, work that had begun is charged.
 */
export function endCancelled(change: ChangeBuilder, source: EventSource): ChangeBuilder {
  const { status, progress, cancelAskedAt } = change.task;
  const hadBegun = status === 'IN_PROGRESS' || progress > 0;
  return change.finish('CANCEL', source, { refund: cancelAskedAt === null || !hadBegun });
}
