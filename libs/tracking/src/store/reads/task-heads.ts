import type { TaskHead } from '../../task/task-head.js';
import { VISIBLE } from '../fragments/visible.js';
import { statement } from '#libs/database';

/** Version and status of watched tasks, read by primary key, so that the cost grows with the watched tasks alone. */
export const FIND_HEADS = statement<{ taskIds: readonly string[] }, TaskHead>({
  name: 'task_watch',
  pool: 'http',
  text: 'select id, version, status from task where id = any(:taskIds::bigint[])',
});

/**
 * Ids of a key's unfinished tasks, the newest 1,000, and of those submitted since a moment, or in the last 15 s where that is
 * later: a task may end before anyone looks for it.
 */
export const FIND_NEWCOMERS = statement<{ apiKeyId: string; since: Date }, { id: string }>({
  name: 'task_newcomers',
  pool: 'http',
  text: `
    select id from (
      select id from task where api_key_id = :apiKeyId and finished_at is null and ${VISIBLE}
      order by submitted_at desc, id desc limit 1000) open
    union
    select id from (
      select id from task where api_key_id = :apiKeyId and ${VISIBLE}
        and submitted_at >= greatest(:since::timestamptz, now() - interval '15 s')
      order by submitted_at desc, id desc limit 1000) late`,
});
