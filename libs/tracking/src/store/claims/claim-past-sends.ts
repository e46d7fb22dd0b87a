import type { Statement } from '#libs/database';
import { recordEvents } from '../fragments/task-events.js';

/** Claims sends whose upstream is to be asked again: $1 most · $2 lease in ms, in look_at. */
export const CLAIM_PAST_SENDS: Statement = {
  name: 'past_send_claim',
  pool: 'work',
  text: `
    with due as (
      select task_id, attempt from past_send where look_at <= now() order by look_at limit $1 for update skip locked)
    update past_send p set look_at = now() + $2::integer * interval '1 ms'
    from due where p.task_id = due.task_id and p.attempt = due.attempt returning p.*`,
};

/** Whether CLAIM_PAST_SENDS would find something. */
export const PAST_SENDS_DUE = 'exists (select from past_send where look_at <= now())';

/**
 * Looks at claimed sends again later, or no more: $1 task ids · $2 attempts · $3 ms until then, null: never · $4 how many
 * looks this one counts for.
 */
export const POSTPONE_PAST_SENDS: Statement = {
  name: 'past_send_postpone',
  pool: 'work',
  text: `
    update past_send p set look_at = now() + asked.ms * interval '1 ms', looks = least(p.looks + $4::smallint, 32000)
    from unnest($1::bigint[], $2::smallint[], $3::bigint[]) as asked (task_id, attempt, ms)
    where p.task_id = asked.task_id and p.attempt = asked.attempt and p.look_at is not null`,
};

/**
 * Writes down that an upstream took a send that was proven not taken: $1 task · $2 attempt · $3 its id there. Gives a row
 * to the one who does so first.
 */
export const NOTE_LATE_ACCEPTANCE: Statement = {
  name: 'past_send_note_late',
  pool: 'work',
  text: `
    with late as (
      update past_send set upstream_task_id = $3, look_at = null
      where task_id = $1 and attempt = $2 and look_at is not null
      returning task_id, attempt, upstream_id, upstream_task_id
    ), events as (
      ${recordEvents('late join task on task.id = late.task_id', {
        kind: "'late_acceptance'",
        source: "'reconciler'",
        detail: `jsonb_build_object('attempt', late.attempt, 'upstreamId', late.upstream_id,
        'upstreamTaskId', late.upstream_task_id)`,
      })}
    )
    select task_id from late`,
};
