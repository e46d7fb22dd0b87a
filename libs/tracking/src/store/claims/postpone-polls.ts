import { statement } from '#libs/database';

/**
 * Ends the claim on tasks and makes their polls due again in `delayMs`. A task that is no longer polled has no row to
 * update.
 */
export const POSTPONE_POLLS = statement<{ taskIds: readonly string[]; delayMs: number }, object>({
  name: 'task_postpone',
  pool: 'work',
  text: `
    with held as materialized (
      select task_id from task_poll where task_id = any(:taskIds::bigint[]) order by task_id for update)
    update task_poll set due_at = now() + :delayMs::integer * interval '1 ms'
    where task_id = any(array(select task_id from held))`,
});
