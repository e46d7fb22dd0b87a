import { statement } from '#libs/database';

/** Finds which ids of an upstream belong to tasks, or belonged to a past attempt of one. */
export const FIND_TAKEN = statement<
  { upstreamId: string; upstreamTaskIds: readonly string[] },
  { upstream_task_id: string; is_past: boolean }
>({
  name: 'task_find_taken',
  pool: 'work',
  text: `
    select upstream_task_id, false as is_past from task where upstream_id = :upstreamId and upstream_task_id = any(:upstreamTaskIds::text[])
    union all
    select upstream_task_id, true from past_send where upstream_id = :upstreamId and upstream_task_id = any(:upstreamTaskIds::text[])`,
});

/**
 * Finds sends that an upstream has accepted: those in its list, and a sample of those that began later than its unknown
 * ones, up to the time at which the list was requested.
 */
export const FIND_ACCEPTED = statement<
  { upstreamId: string; listed: readonly string[]; since: Date; askedAt: Date },
  { upstream_task_id: string; sent_at: Date; started_at: Date | null }
>({
  name: 'task_find_accepted',
  pool: 'work',
  text: `
    select upstream_task_id, sent_at, started_at from task
    where upstream_id = :upstreamId and upstream_task_id = any(:listed::text[]) and sent_at is not null
    union
    select upstream_task_id, sent_at, started_at from (
      select upstream_id, upstream_task_id, sent_at, started_at from task where submitted_at >= :since order by submitted_at limit 1000) t
    where upstream_id = :upstreamId and upstream_task_id is not null and sent_at >= :since and started_at < :askedAt`,
});
