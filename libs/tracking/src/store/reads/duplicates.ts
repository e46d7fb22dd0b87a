import type { Statement } from '#libs/database';

/** The same work that runs or has succeeded: a repeat of an upscale is answered with it. */
export const FIND_REPEAT: Statement = {
  name: 'task_find_repeat',
  pool: 'http',
  text: `select * from task where api_key_id = $1 and repeat_key = $2 and status not in ('FAILURE', 'CANCEL')`,
};

export const FIND_IDEMPOTENT: Statement = {
  name: 'task_find_idempotent',
  pool: 'http',
  text: `select * from task where api_key_id = $1 and idem_route = $2 and idem_key = $3`,
};

/** The task of this key that has an upstream's id: $1 upstream · $2 id there · $3 key. */
export const FIND_BY_UPSTREAM_ID: Statement = {
  name: 'task_find_by_upstream_id',
  pool: 'http',
  text: 'select * from task where upstream_id = $1 and upstream_task_id = $2 and api_key_id = $3',
};
