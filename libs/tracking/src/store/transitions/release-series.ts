import type { Statement } from '#libs/database';

/** Lets those that wait for the first of their series be sent: $1 ids. Who was sent since is left alone. */
export const RELEASE_SERIES: Statement = {
  name: 'task_release_series',
  pool: 'http',
  text: `update task set wait_until = null
    where id = any($1::bigint[]) and waiting and send_attempt = 0 and finished_at is null`,
};
