import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { movePolls } from '../fragments/polls.js';

/**
 * Records a push about a task and makes the next poll of a polled task due now; stores the upstream id in the push if no id is
 * known yet. `pushedIds`: a JSON object of the upstream ids in the push, by the kind of upstream. Returns the row; no row for a
 * task that ended, waits to be sent, or is an unconfirmed modal.
 */
export const HINT_POLL = statement<{ taskId: string; pushedIds: string }, EntityRow<Task>>({
  name: 'task_hint',
  pool: 'work',
  text: `
    with hinted as (
      update task set hinted_at = now(),
        pushed_id = case when upstream_task_id is null then coalesce(:pushedIds::jsonb ->> (select kind from upstream where id = task.upstream_id), pushed_id) end,
        next_poll_at = case when next_poll_at is not null then now() end
      where id = :taskId and finished_at is null and not waiting and status <> 'MODAL'
      returning *
    ), polls as (
      ${movePolls('hinted')}
    )
    select * from hinted`,
});
