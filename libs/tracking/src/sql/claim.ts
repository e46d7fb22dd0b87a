import type { Statement } from '#libs/database';
import { takeSlots } from '#libs/upstream';

/**
 * Claims tasks of one upstream that are due for a poll: the lease stands in next_poll_at, so a claim ends by itself.
 * $1 upstream · $2 most · $3 lease in ms
 */
export const CLAIM_DUE: Statement = {
  name: 'task_claim_due',
  pool: 'work',
  text: `
    with due as (
      select id from task where upstream_id = $1 and next_poll_at <= now()
      order by next_poll_at limit $2 for update skip locked)
    update task t set next_poll_at = now() + $3::integer * interval '1 ms'
    from due where t.id = due.id returning t.*`,
};

/** Gives claimed tasks back: $1 ids · $2 ms until they are due again. Not those that were changed in the meantime. */
export const POSTPONE: Statement = {
  name: 'task_postpone',
  pool: 'work',
  text: `update task set next_poll_at = now() + $2::integer * interval '1 ms'
    where id = any($1::bigint[]) and next_poll_at is not null and finished_at is null`,
};

/** Claims submits whose outcome is unknown: $1 most · $2 lease in ms, in look_up_at. */
export const CLAIM_LOOK_UPS: Statement = {
  name: 'task_claim_look_ups',
  pool: 'work',
  text: `
    with due as (
      select id from task where look_up_at <= now() order by look_up_at limit $1 for update skip locked)
    update task t set look_up_at = now() + $2::integer * interval '1 ms'
    from due where t.id = due.id returning t.*`,
};

/**
 * Takes waiting tasks that one upstream has free slots for: $1 upstream · $2 its modes · $3 its actions (null: all) ·
 * $4 most · $5 longest send in ms. Faster modes first, 10 minutes of waiting lift a task one class; within a class keys
 * take turns, then age decides. The choice is a subquery and the lock checks `waiting` again, because a sorted choice
 * under a lock would lock rows it then drops.
 */
export const DISPATCH: Statement = {
  name: 'task_dispatch',
  pool: 'work',
  text: `
    with ranked as (
      select id, class, submitted_at, row_number() over (partition by api_key_id, class order by submitted_at) as turn
      from (
        select id, api_key_id, submitted_at,
          greatest(0, array_position(array['TURBO', 'FAST', 'RELAX'], mode) - 1
            - floor(extract(epoch from now() - submitted_at) / 600)) as class
        from task
        where waiting and (wait_until is null or wait_until <= now()) and (upstream_id is null or upstream_id = $1)
          and ($2::text[] is null or mode = any($2::text[])) and ($3::text[] is null or action = any($3::text[]))
      ) w
    ), chosen as (
      select id from ranked order by class, turn, submitted_at
      limit least($4::integer, (select greatest(0, max_concurrent - running) from upstream_load where upstream_id = $1))
    ), locked as materialized (
      select id from task where id in (select id from chosen) and waiting order by id for update skip locked
    ), room as materialized (
      select max_concurrent - running as free from upstream_load
      where upstream_id = $1 and exists (select from locked) for update
    ), sent as (
      update task t set waiting = false, wait_until = null, upstream_id = $1, has_slot = true, version = t.version + 1,
        send_attempt = t.send_attempt + 1, sent_at = now(), send_deadline = now() + $5::integer * interval '1 ms',
        look_up_at = now() + $5::integer * interval '1 ms' + interval '2 s'
      from (select id, row_number() over (order by id) as k from locked) l, room
      where t.id = l.id and l.k <= room.free
      returning t.*
    ), slots as (
      ${takeSlots('sent')}
    ), events as (
      insert into task_event (task_id, version, kind, source, status, progress, detail)
      select id, version, 'dispatched', 'dispatcher', status, progress, jsonb_build_object('upstreamId', upstream_id) from sent
    )
    select sent.*, i.body from sent left join task_input i on i.task_id = sent.id`,
};

/** Whether anything waits at all, and what has waited too long: $1 longest wait in ms. */
export const OVERDUE_WAITING: Statement = {
  name: 'task_overdue_waiting',
  pool: 'work',
  text: `select * from task where waiting and submitted_at < now() - $1::bigint * interval '1 ms'
    order by submitted_at limit 100`,
};

export const ANY_WAITING: Statement = {
  name: 'task_any_waiting',
  pool: 'work',
  text: 'select from task where waiting limit 1',
};
