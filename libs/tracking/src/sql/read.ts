import type { Statement } from '#libs/database';

/** Tasks that were declined before any work are not shown to clients. */
const SHOWN = 'not refused';

/** How many waiting tasks are older; null for a task that does not wait. */
const QUEUE_POSITION = `case when t.waiting then
  (select count(*)::int from task w where w.waiting and w.submitted_at < t.submitted_at) end as queue_position`;

export const FIND_OWN: Statement = {
  name: 'task_find',
  pool: 'http',
  text: `select t.*, ${QUEUE_POSITION} from task t where id = $1 and api_key_id = $2 and ${SHOWN}`,
};

export const FIND_OWN_MANY: Statement = {
  name: 'task_find_many',
  pool: 'http',
  text: `select t.*, ${QUEUE_POSITION} from task t where id = any($1::bigint[]) and api_key_id = $2 and ${SHOWN}`,
};

/** Pictures are public, so this one read carries no key; it gives nothing but what finds the picture. */
export const FIND_PICTURE: Statement = {
  name: 'task_find_picture',
  pool: 'http',
  text: `select id, upstream_id, upstream_task_id, status, image_url, picture_count, pictures_from, video_count, version
    from task where id = $1 and ${SHOWN}`,
};

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

/** Which of these ids of an upstream belong to tasks already: $1 upstream · $2 ids. */
export const FIND_TAKEN: Statement = {
  name: 'task_find_taken',
  pool: 'work',
  text: 'select upstream_task_id from task where upstream_id = $1 and upstream_task_id = any($2::text[])',
};

/** How many waiting tasks were submitted before it. */
export const COUNT_AHEAD: Statement = {
  name: 'task_count_ahead',
  pool: 'http',
  text: `select count(*)::int as ahead from task where waiting and submitted_at < $1`,
};
