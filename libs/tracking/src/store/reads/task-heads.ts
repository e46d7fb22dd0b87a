import type { Statement } from '#libs/database';

/** How watched tasks stand: $1 ids. By the primary key, so its cost is that of what is watched. */
export const FIND_HEADS: Statement = {
  name: 'task_watch',
  pool: 'http',
  text: 'select id, version, status from task where id = any($1::bigint[])',
};
