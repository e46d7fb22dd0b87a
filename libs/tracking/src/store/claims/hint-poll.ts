import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { movePolls } from '../fragments/polls.js';

/**
 * Notes a push about a task and makes its next poll due, where it is polled; keeps the upstream id that it names while
 * none is known. Gives the row as it is now; none for a task that ended, waits to be sent, or
 * is a window that waits.
 */
export const HINT_POLL = statement<{ taskId: string; pushedId: string | null }, EntityRow<Task>>({
  name: 'task_hint',
  pool: 'work',
  text: `
    with hinted as (
      update task set hinted_at = now(),
        pushed_id = case when upstream_task_id is null then coalesce(:pushedId, pushed_id) end,
        next_poll_at = case when next_poll_at is not null then now() end
      where id = :taskId and finished_at is null and not waiting and status <> 'MODAL'
      returning *
    ), polls as (
      ${movePolls('hinted')}
    )
    select * from hinted`,
});
