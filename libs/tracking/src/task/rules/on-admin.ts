import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

type FailedByAdmin = Extract<TaskEvent, { kind: 'failed_by_admin' }>;
type Refunded = Extract<TaskEvent, { kind: 'refunded' }>;

/** Ends it in FAILURE, refunded, and told to its hook; what its upstream still makes of it is not looked at any more. */
export function onFailedByAdmin(change: ChangeBuilder, { source, reason }: FailedByAdmin): Change | null {
  return change.isEnded() ? null : change.fail('admin', reason, source).done();
}

/**
 * The one thing that may still happen to a task that has ended: its credits are given back. Nothing else of it changes,
 * so no hook is due. What costs nothing, or was refunded before, has nothing to give back.
 */
export function onRefunded(change: ChangeBuilder, { source, note }: Refunded): Change | null {
  const { cost } = change.task;
  return Number(cost) > 0 ? change.refund(note).note('refunded', source, { amount: cost, note }).done() : null;
}
