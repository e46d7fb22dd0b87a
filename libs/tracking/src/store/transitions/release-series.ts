import { statement } from '#libs/database';

/** Releases tasks of a series that wait for the send of its first task. Tasks that were sent since are left alone. */
export const RELEASE_SERIES = statement<{ taskIds: readonly string[] }, object>({
  name: 'task_release_series',
  pool: 'http',
  text: `update task set wait_until = null
    where id = any(:taskIds::bigint[]) and waiting and send_attempt = 0 and finished_at is null`,
});
