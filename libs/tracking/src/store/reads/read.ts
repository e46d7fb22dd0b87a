import type { Statement } from '#libs/database';
import { placesAmong } from '../fragments/queue-order.js';

/** Tasks that were declined before any work are not shown to clients. */
export const SHOWN = 'not refused';

/** An alias has no upstream id of its own; follow-ups of it go to its original. */
const ORIGINAL_ID = `case when t.alias_of is not null then
  (select o.upstream_task_id from task o where o.id = t.alias_of) end as original_task_id`;

/** For whoever goes on with the task: its row. What clients are shown is read by FIND_SHOWN. */
export const FIND_OWN: Statement = {
  name: 'task_find',
  pool: 'http',
  text: `select t.*, ${ORIGINAL_ID} from task t where id = $1 and api_key_id = $2 and ${SHOWN}`,
};

/** Only for admins: it asks for no key. */
export const FIND_ANY: Statement = {
  name: 'task_find_any',
  pool: 'http',
  text: 'select * from task where id = $1',
};

/** The same of several: $1 ids. */
export const FIND_ANY_MANY: Statement = {
  name: 'task_find_any_many',
  pool: 'work',
  text: 'select * from task where id = any($1::bigint[])',
};

/** Pictures are public, so this one read carries no key; it gives nothing but what finds the picture. */
export const FIND_PICTURE: Statement = {
  name: 'task_find_picture',
  pool: 'http',
  text: `select coalesce(alias_of, id) as id, upstream_id as "upstreamId", upstream_task_id as "upstreamTaskId", status,
      image_url as "imageUrl", picture_count as "pictureCount", pictures_from as "picturesFrom", video_count as "videoCount",
      version
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

/** Keeps the answer to a submit that waits, where its send has not kept one yet: $1 id · $2 answer. */
export const KEEP_ANSWER: Statement = {
  name: 'task_keep_answer',
  pool: 'http',
  text: 'update task set answer = $2::jsonb where id = $1 and answer is null',
};

/** Which of these ids of an upstream belong to tasks already, or did to earlier sends of them: $1 upstream · $2 ids. */
export const FIND_TAKEN: Statement = {
  name: 'task_find_taken',
  pool: 'work',
  text: `
    select upstream_task_id, false as is_past from task where upstream_id = $1 and upstream_task_id = any($2::text[])
    union all
    select upstream_task_id, true from past_send where upstream_id = $1 and upstream_task_id = any($2::text[])`,
};

/**
 * Sends that an upstream has accepted: those in its list, and a sample of those that began later than its unknown ones, up
 * to when the list was asked for. $1 upstream · $2 ids that it lists · $3 since when · $4 when it was asked.
 */
export const FIND_ACCEPTED: Statement = {
  name: 'task_find_accepted',
  pool: 'work',
  text: `
    select upstream_task_id, sent_at, started_at from task
    where upstream_id = $1 and upstream_task_id = any($2::text[]) and sent_at is not null
    union
    select upstream_task_id, sent_at, started_at from (
      select upstream_id, upstream_task_id, sent_at, started_at from task where submitted_at >= $3 order by submitted_at limit 1000) t
    where upstream_id = $1 and upstream_task_id is not null and sent_at >= $3 and started_at < $4`,
};

/** The task of this key that has an upstream's id: $1 upstream · $2 id there · $3 key. */
export const FIND_BY_UPSTREAM_ID: Statement = {
  name: 'task_find_by_upstream_id',
  pool: 'http',
  text: 'select * from task where upstream_id = $1 and upstream_task_id = $2 and api_key_id = $3',
};

/** Aliases that show less than the tasks they follow, and those tasks. */
export const FIND_ALIASES_BEHIND: Statement = {
  name: 'task_find_aliases_behind',
  pool: 'work',
  text: `
    with behind as (
      select a.id, a.alias_of from task a join task o on o.id = a.alias_of
      where a.alias_of is not null and a.finished_at is null
        and (o.finished_at is not null or o.progress > a.progress or (o.status = 'IN_PROGRESS' and a.status <> o.status))
      limit 100)
    select * from task where id in (select id from behind union select alias_of from behind)`,
};

/** How many waiting tasks are served before this one: $1 id. */
export const COUNT_AHEAD: Statement = {
  name: 'task_count_ahead',
  pool: 'http',
  text: `select position as ahead from (${placesAmong('select $1::bigint')}) p`,
};
