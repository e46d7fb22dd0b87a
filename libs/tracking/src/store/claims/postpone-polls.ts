import type { Statement } from '#libs/database';

/** Gives claimed tasks back: $1 ids · $2 ms until they are due again. What is not polled any more has no row. */
export const POSTPONE_POLLS: Statement = {
  name: 'task_postpone',
  pool: 'work',
  text: `
    with held as materialized (
      select task_id from task_poll where task_id = any($1::bigint[]) order by task_id for update)
    update task_poll set due_at = now() + $2::integer * interval '1 ms'
    where task_id = any(array(select task_id from held))`,
};
