import { statement } from '#libs/database';

/** Lets those that wait for the first of their series be sent. Who was sent since is left alone. */
export const RELEASE_SERIES = statement<{ taskIds: readonly string[] }, object>({
  name: 'task_release_series',
  pool: 'http',
  text: `update task set wait_until = null
    where id = any(:taskIds::bigint[]) and waiting and send_attempt = 0 and finished_at is null`,
});
