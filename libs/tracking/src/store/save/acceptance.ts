import type { Statement } from '#libs/database';
import { schedulePolls } from '../fragments/polls.js';
import { enqueueHooks } from '../fragments/enqueue-hooks.js';

/**
 * Saves answers that took tasks on: what `task_settle` does, for changes that touch neither money nor slots (those with
 * `Change.isAcceptance`), at a fifth of its cost. Tasks are locked by id, as everywhere, and nothing else is locked that
 * another key could hold.
 *
 * Arrays, an item for each task: $1 ids · $2 versions as read · $3 statuses · $4 started_at · $5 ids at the upstream ·
 * $6 next_poll_at · $7 deadline_at · $8 hinted_at as read · $9 kinds of the line in the timeline · $10 their sources ·
 * $11 their details, jsonb · $12 deliveries, jsonb `{url, host, terminal, payload}`, or null · $13 answers for replays,
 * jsonb, or null
 *
 * Gives the ids that were saved.
 */
export const SETTLE_ACCEPTED: Statement = {
  name: 'task_settle_accepted',
  pool: 'http',
  text: `
    with changed as (
      select * from unnest($1::bigint[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::jsonb[], $12::jsonb[], $13::jsonb[])
      as c (id, from_version, status, started_at, upstream_task_id, next_poll_at, deadline_at, hinted_at, kind, source,
        detail, delivery, answer)
    ), locked as materialized (
      select c.*, date_trunc('milliseconds', t.hinted_at) is distinct from c.hinted_at as is_hinted
      from changed c join task t on t.id = c.id and t.version = c.from_version
      order by t.id for no key update of t
    ), saved as (
      update task t set version = c.from_version + 1, status = c.status, started_at = c.started_at,
        upstream_task_id = c.upstream_task_id, look_up_at = null, deadline_at = c.deadline_at,
        next_poll_at = case when c.is_hinted then now() else c.next_poll_at end, answer = coalesce(c.answer, t.answer)
      from locked c where t.id = c.id
      returning t.id, t.version, t.status, t.progress, t.api_key_id, t.upstream_id, t.next_poll_at, c.kind, c.source, c.detail,
        c.delivery
    ), polls as (
      ${schedulePolls('saved')}
    ), events as (
      insert into task_event (task_id, version, kind, source, status, progress, detail)
      select id, version, kind, source, status, progress, detail from saved
    ), ${enqueueHooks('saved')}, dropped as (
      delete from task_input where task_id = any (array(select id from saved))
    )
    select id from saved`,
};
