import type { Statement } from '#libs/database';

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
