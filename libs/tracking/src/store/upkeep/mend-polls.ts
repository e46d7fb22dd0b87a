import { type NoParameters, statement } from '#libs/database';
import { schedulePolls, endPolls } from '../fragments/polls.js';

/**
 * Repairs task_poll where it disagrees with the tasks, because a gateway of an older version or an operator wrote rows.
 * A task polled by mistake would be claimed in vain, for half a minute at a time. Reads the unfinished tasks and the
 * scheduled polls.
 */
export const MEND_POLLS = statement<NoParameters, { task_id: string }>({
  name: 'task_mend_polls',
  pool: 'work',
  text: `
    with unpolled as (
      select id, upstream_id, next_poll_at from task t
      where finished_at is null and next_poll_at < now() and upstream_id is not null and upstream_task_id is not null
        and not exists (select from task_poll p where p.task_id = t.id)
    ), over as (
      select t.id, t.next_poll_at from task_poll p join task t on t.id = p.task_id
      where p.due_at <= now() + interval '2 minutes' and t.next_poll_at is null
    ), mended as (
      ${schedulePolls('unpolled')} returning task_id
    ), ended as (
      ${endPolls('over')} returning task_id
    )
    select task_id from mended union all select task_id from ended`,
});
