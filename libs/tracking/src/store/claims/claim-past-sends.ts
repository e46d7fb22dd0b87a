import type { PastSend } from '../../task/past-send.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { recordEvents } from '../fragments/task-events.js';

/** Claims past attempts whose upstream has to be asked again: the lease is written to look_at. */
export const CLAIM_PAST_SENDS = statement<{ limit: number; leaseMs: number }, EntityRow<PastSend>>({
  name: 'past_send_claim',
  pool: 'work',
  text: `
    with due as (
      select task_id, attempt from past_send where look_at <= now() order by look_at limit :limit for update skip locked)
    update past_send p set look_at = now() + :leaseMs::integer * interval '1 ms'
    from due where p.task_id = due.task_id and p.attempt = due.attempt returning p.*`,
});

/** Due probe: whether CLAIM_PAST_SENDS would find a row. */
export const PAST_SENDS_DUE = 'exists (select from past_send where look_at <= now())';

/**
 * Schedules the next look-up of claimed attempts in so many ms (null: no further one), and adds `looks` to their count
 * of look-ups.
 */
export const POSTPONE_PAST_SENDS = statement<
  { taskIds: readonly string[]; attempts: readonly number[]; delaysMs: readonly (number | null)[]; looks: number },
  object
>({
  name: 'past_send_postpone',
  pool: 'work',
  text: `
    update past_send p set look_at = now() + asked.ms * interval '1 ms', looks = least(p.looks + :looks::smallint, 32000)
    from unnest(:taskIds::bigint[], :attempts::smallint[], :delaysMs::bigint[]) as asked (task_id, attempt, ms)
    where p.task_id = asked.task_id and p.attempt = asked.attempt and p.look_at is not null`,
});

/**
 * Records that an upstream accepted an attempt that was proven not taken. Returns a row only to the first replica that
 * records it.
 */
export const NOTE_LATE_ACCEPTANCE = statement<
  { taskId: string; attempt: number; upstreamTaskId: string },
  { task_id: string }
>({
  name: 'past_send_note_late',
  pool: 'work',
  text: `
    with late as (
      update past_send set upstream_task_id = :upstreamTaskId, look_at = null
      where task_id = :taskId and attempt = :attempt and look_at is not null
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
});
