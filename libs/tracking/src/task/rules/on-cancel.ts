import { isTerminal } from '#libs/wire';
import type { Change } from '../change.js';
import type { EventSource, TaskEvent } from '../event.js';
import type { Task } from '../task.entity.js';
import type { ChangeBuilder } from '../change-builder.js';

type Cancelled = Extract<TaskEvent, { kind: 'cancelled' }>;
type CancelAsked = Extract<TaskEvent, { kind: 'cancel_asked' }>;

/**
 * What a client's wish to cancel comes to: `at_once`: no upstream works at it; `ask`: its upstream has to be asked;
 * `asked`: it was asked before; `not_now`: it is being sent, or it is not known whether the upstream took it.
 */
export type CancelWay = 'finished' | 'at_once' | 'ask' | 'asked' | 'not_now';

/** @param now the database's time */
export function cancelWayOf(task: Task, now: Date): CancelWay {
  if (isTerminal(task.status)) return 'finished';
  // An alias does no work of its own: it only stops to follow.
  if (task.waiting || task.status === 'MODAL' || task.aliasOf !== null) return 'at_once';
  const isConfirming = task.confirmedAt !== null && task.sendDeadline !== null && task.sendDeadline > now;
  if (task.upstreamTaskId === null || task.lookUpAt !== null || isConfirming) return 'not_now';
  return task.cancelAskedAt === null ? 'ask' : 'asked';
}

/** Ends it at once, refunded: no upstream has begun. */
export function onCancelled(change: ChangeBuilder, { source }: Cancelled): Change | null {
  return cancelWayOf(change.task, change.now) === 'at_once'
    ? change.finish('CANCEL', source, { refund: true }).done()
    : null;
}

/** Its upstream was asked to stop. What becomes of it the polls find out, and the next one is due now. */
export function onCancelAsked(change: ChangeBuilder, { source }: CancelAsked): Change | null {
  const { task, now } = change;
  if (!change.isFollowed() || task.cancelAskedAt !== null) return null;
  return change.set({ cancelAskedAt: now, nextPollAt: now, quietPolls: 0 }).note('cancel_asked', source).done();
}

/** Its upstream ended it without a result. Of a task that it was asked to stop, work that had begun is paid for. */
export function endCancelled(change: ChangeBuilder, source: EventSource): ChangeBuilder {
  const { status, progress, cancelAskedAt } = change.task;
  const hadBegun = status === 'IN_PROGRESS' || progress > 0;
  return change.finish('CANCEL', source, { refund: cancelAskedAt === null || !hadBegun });
}
