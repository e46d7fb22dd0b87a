import type { Statement } from '#libs/database';

/**
 * Notes a push about a task and makes its next poll due, where it is polled: $1 id. Gives the row as it is now; none for
 * a task that ended, waits to be sent, or is a window that waits.
 */
export const HINT: Statement = {
  name: 'task_hint',
  pool: 'work',
  text: `
    update task set hinted_at = now(), next_poll_at = case when next_poll_at is not null then now() end
    where id = $1 and finished_at is null and not waiting and status <> 'MODAL'
    returning *`,
};
