import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/**
 * Claims the due polls of one upstream: the lease is written to due_at, so a claim ends by itself. The arrays serve the
 * planner, which takes an unknown limit for a tenth of the table and would read all of that.
 */
export const CLAIM_POLLS = statement<{ upstreamId: string; limit: number; leaseMs: number }, EntityRow<Task>>({
  name: 'task_claim_due',
  pool: 'work',
  text: `
    with due as (
      select task_id from task_poll where upstream_id = :upstreamId and due_at <= now()
      order by due_at limit :limit for update skip locked
    ), claimed as (
      update task_poll set due_at = now() + :leaseMs::integer * interval '1 ms'
      where task_id = any(array(select task_id from due)) returning task_id)
    select * from task
    where id = any(array(select task_id from claimed)) and next_poll_at is not null and upstream_task_id is not null`,
});

/**
 * Due probe: whether CLAIM_POLLS would find a row for any upstream. `offset 0` gives one index look-up per upstream
 * instead of a join that reads all polls.
 */
export const POLLS_DUE = `exists (select from upstream u where exists (
      select from task_poll where upstream_id = u.id and due_at <= now() offset 0))`;
