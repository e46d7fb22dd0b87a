import type { Statement } from '#libs/database';

/**
 * Those that one statement opened along with a task, and it: $1 id · $2 key. They share its moment, which is what finds
 * them by an index.
 */
export const FIND_SERIES: Statement = {
  name: 'task_find_series',
  pool: 'http',
  text: `
    select t.id, t.send_deadline > now() and t.upstream_task_id is null and not t.waiting and t.finished_at is null
      as "isBeingSent"
    from task h join task t on t.api_key_id = h.api_key_id and t.submitted_at = h.submitted_at
      and (t.id = h.id or t.batch_id = h.id)
    where h.id = $1 and h.api_key_id = $2 and not t.refused order by t.id`,
};
