import type { Statement } from '#libs/database';
import { movePolls } from '../fragments/polls.js';
import { enqueueHooks } from '../fragments/enqueue-hooks.js';

/**
 * Saves polls after which the tasks go on: what `task_save` does, for changes that touch neither money nor slots (those
 * with `Change.progress`), at a third of its cost. Of `task` it writes no column that an index has, but the status, which
 * seldom changes: a row stays on its page. Tasks are locked by id, as everywhere; one that someone else has locked is left out: it is polled again after
 * its claim, and holds nobody up meanwhile.
 *
 * Arrays, an item for each task: $1 ids · $2 versions as read · $3 versions now · $4 statuses · $5 progress · $6 started_at
 * · $7 polled_at · $8 missing_since · $9 quiet_polls · $10 next_poll_at · $11 deadline_at · $12 hinted_at as read ·
 * $13 what was learned, jsonb by column, or null · $14 kinds of the lines in the timeline, null: none · $15 their sources
 * · $16 deliveries, jsonb `{url, host, terminal, payload}`, or null
 *
 * Gives the ids that were saved.
 */
export const SAVE_PROGRESS: Statement = {
  name: 'task_save_progress',
  pool: 'work',
  text: `
    with changed as (
      select * from unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[], $5::smallint[], $6::timestamptz[],
        $7::timestamptz[], $8::timestamptz[], $9::smallint[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[],
        $13::jsonb[], $14::text[], $15::text[], $16::jsonb[])
      as c (id, from_version, version, status, progress, started_at, polled_at, missing_since, quiet_polls, next_poll_at,
        deadline_at, hinted_at, learned, kind, source, delivery)
    ), locked as materialized (
      select c.*, date_trunc('milliseconds', t.hinted_at) is distinct from c.hinted_at as is_hinted
      from changed c join task t on t.id = c.id and t.version = c.from_version
      order by t.id for no key update of t skip locked
    ), saved as (
      update task t set version = c.version, status = c.status, progress = c.progress, started_at = c.started_at,
        polled_at = c.polled_at, missing_since = c.missing_since, quiet_polls = c.quiet_polls,
        next_poll_at = case when c.is_hinted then now() else c.next_poll_at end, deadline_at = c.deadline_at,
        prompt_en = coalesce(c.learned ->> 'promptEn', t.prompt_en),
        final_prompt = coalesce(c.learned ->> 'finalPrompt', t.final_prompt),
        final_zh_prompt = coalesce(c.learned ->> 'finalZhPrompt', t.final_zh_prompt),
        image_url = coalesce(c.learned ->> 'imageUrl', t.image_url),
        message_id = coalesce(c.learned ->> 'messageId', t.message_id),
        message_hash = coalesce(c.learned ->> 'messageHash', t.message_hash),
        seed = coalesce(c.learned ->> 'seed', t.seed)
      from locked c where t.id = c.id
      returning t.id, t.version, t.status, t.progress, t.api_key_id, t.next_poll_at, c.kind, c.source, c.delivery
    ), polls as (
      ${movePolls('saved')}
    ), events as (
      insert into task_event (task_id, version, kind, source, status, progress)
      select id, version, kind, source, status, progress from saved where kind is not null
    ), ${enqueueHooks('saved')}
    select id from saved`,
};
