import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

type FailedByAdmin = Extract<TaskEvent, { kind: 'failed_by_admin' }>;
type Refunded = Extract<TaskEvent, { kind: 'refunded' }>;

/** Ends the task in FAILURE, refunded, with a hook. Whatever the upstream still produces for the task is ignored. */
export function onFailedByAdmin(change: ChangeBuilder, { source, reason }: FailedByAdmin): Change | null {
  return change.isEnded() ? null : change.fail('admin', reason, source).done();
}

/**
 * Refunds a task, the only change that an ended task still accepts. No other field changes, so no hook is due. A task
 * that is free or already refunded stays as it is.
 */
export function onRefunded(change: ChangeBuilder, { source, note }: Refunded): Change | null {
  const { cost } = change.task;
  return Number(cost) > 0 ? change.refund(note).note('refunded', source, { amount: cost, note }).done() : null;
}
