import type { Statement } from '#libs/database';
import { slotsFor, takeSlots } from '#libs/upstream';
import { movePolls, schedulePolls } from '../fragments/polls.js';
import { queueClass } from '../fragments/queue-order.js';
import { isLineFull, waitingLine } from '../fragments/queue-limit.js';

/**
 * Claims tasks of one upstream that are due for a poll: the lease stands in due_at, so a claim ends by itself. The arrays
 * are for the planner: it takes a limit that it does not know for a tenth of the table, and would read all of that.
 * $1 upstream · $2 most · $3 lease in ms
 */
export const CLAIM_DUE: Statement = {
  name: 'task_claim_due',
  pool: 'work',
  text: `
    with due as (
      select task_id from task_poll where upstream_id = $1 and due_at <= now()
      order by due_at limit $2 for update skip locked
    ), claimed as (
      update task_poll set due_at = now() + $3::integer * interval '1 ms'
      where task_id = any(array(select task_id from due)) returning task_id)
    select * from task
    where id = any(array(select task_id from claimed)) and next_poll_at is not null and upstream_task_id is not null`,
};

/** Whether CLAIM_DUE would find something, of whatever upstream. `offset 0`: one look for each, and no join that reads the others. */
export const POLLS_DUE = `exists (select from upstream u where exists (
      select from task_poll where upstream_id = u.id and due_at <= now() offset 0))`;

/** Gives claimed tasks back: $1 ids · $2 ms until they are due again. What is not polled any more has no row. */
export const POSTPONE: Statement = {
  name: 'task_postpone',
  pool: 'work',
  text: `
    with held as materialized (
      select task_id from task_poll where task_id = any($1::bigint[]) order by task_id for update)
    update task_poll set due_at = now() + $2::integer * interval '1 ms'
    where task_id = any(array(select task_id from held))`,
};

/**
 * Puts a task that cannot be saved aside, so that it does not hold others up, and writes that down once per version.
 * $1 id · $2 ms until it is looked at again · $3 source · $4 why
 */
export const SET_ASIDE: Statement = {
  name: 'task_set_aside',
  pool: 'work',
  text: `
    with aside as (
      update task set
        next_poll_at = case when next_poll_at is not null then now() + $2::integer * interval '1 ms' end,
        look_up_at = case when look_up_at is not null then now() + $2::integer * interval '1 ms' end
      where id = $1 and finished_at is null
      returning id, version, status, progress, next_poll_at
    ), polls as (
      ${movePolls('aside')}
    )
    insert into task_event (task_id, version, kind, source, status, progress, detail)
    select id, version, 'unsaved', $3, status, progress, jsonb_build_object('why', $4::text) from aside
    where not exists (
      select from task_event e where e.task_id = aside.id and e.version = aside.version and e.kind = 'unsaved')`,
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

/** Whether CLAIM_LOOK_UPS would find something. */
export const LOOK_UPS_DUE = 'exists (select from task where look_up_at <= now())';

/** Longest send in ms: a face swap's pictures are judged while its answer is awaited (sendTimeoutMs of libs/upstream). */
const SEND_MS = "greatest($5::integer, case when t.action = 'SWAP_FACE' then 60000 else 0 end)";

/** For how long a task that is sent again is left to upstreams that it was not sent to before. */
const OTHERS_FIRST = "interval '30 s'";

/**
 * Takes waiting tasks that one upstream has free slots for: $1 upstream · $2 its modes · $3 its actions (null: all) ·
 * $4 most · $5 longest send in ms · $6 whether there are other upstreams. Faster modes first, 10 minutes of waiting lift a
 * task one class; within a class keys take turns, the one served longest ago first, then age decides. What this upstream
 * did not take, or failed at, is left to the others for a while. The choice is a subquery and the lock checks `waiting`
 * again, because a sorted choice under a lock would lock rows it then drops.
 */
export const DISPATCH: Statement = {
  name: 'task_dispatch',
  pool: 'work',
  text: `
    with ready as materialized (
      select id, api_key_id, submitted_at,
        ${queueClass('task')} as class
      from task
      where waiting and (wait_until is null or wait_until <= now()) and (upstream_id is null or upstream_id = $1)
        and ($2::text[] is null or mode = any($2::text[])) and ($3::text[] is null or action = any($3::text[]))
        and (send_attempt = 0 or upstream_id is not null or not $6::boolean or not exists (
          select from past_send p where p.task_id = task.id and p.upstream_id = $1
            and p.ended_at > now() - ${OTHERS_FIRST}))
    ), served as (
      select api_key_id,
        (select max(t.sent_at) from task t where t.api_key_id = k.api_key_id and t.sent_at is not null) as served_at
      from (select distinct api_key_id from ready) k
    ), ranked as (
      select id, row_number() over (order by class, turn, served_at nulls first, submitted_at, id) as place
      from (select *, row_number() over (partition by api_key_id, class order by submitted_at, id) as turn from ready) w
      join served using (api_key_id)
    ), chosen as materialized (
      select id, place from ranked order by place
      limit least($4::integer, (select greatest(0, max_concurrent - running) from upstream_load where upstream_id = $1))
    ), locked as materialized (
      select id, jobs from task where id in (select id from chosen) and waiting order by id for update skip locked
    ), room as materialized (
      select max_concurrent as most, max_concurrent - running as free from upstream_load
      where upstream_id = $1 and exists (select from locked) for update
    ), sent as (
      update task t set waiting = false, wait_until = null, upstream_id = $1, has_slot = true, slots = l.slots, version = t.version + 1,
        send_attempt = t.send_attempt + 1, pushed_id = null, sent_at = now(), send_deadline = now() + ${SEND_MS} * interval '1 ms',
        look_up_at = case when t.upstream_task_id is null then now() + ${SEND_MS} * interval '1 ms' + interval '2 s' end,
        next_poll_at = case when t.upstream_task_id is not null then now() + ${SEND_MS} * interval '1 ms' + interval '2 s' end
      from (
        select id, ${slotsFor('jobs', 'most')} as slots, sum(${slotsFor('jobs', 'most')}) over (order by place) as upto
        from locked join chosen using (id) cross join room) l, room
      where t.id = l.id and l.upto <= room.free
      returning t.*
    ), slots as (
      ${takeSlots('sent')}
    ), polls as (
      ${schedulePolls('sent')}
    ), events as (
      insert into task_event (task_id, version, kind, source, status, progress, detail)
      select id, version, 'dispatched', 'dispatcher', status, progress, jsonb_build_object('upstreamId', upstream_id) from sent
    )
    select sent.*, i.body from sent join chosen using (id) left join task_input i on i.task_id = sent.id
    order by chosen.place`,
};

/** Whether a task waits to be sent now while any upstream has a free slot. */
export const SENDS_DUE = `exists (select from upstream_load where running < max_concurrent)
      and (exists (select from task where waiting and wait_until is null)
        or exists (select from task where waiting and wait_until <= now()))`;

/** Free slots of upstreams ($1 ids); nothing where no task waits to be sent now. */
export const WAITING_ROOMS: Statement = {
  name: 'task_waiting_rooms',
  pool: 'work',
  text: `select upstream_id as id, running, max_concurrent from upstream_load
    where upstream_id = any($1::bigint[]) and running < max_concurrent
      and exists (select from task where waiting and (wait_until is null or wait_until <= now()))`,
};

const IS_FULL = isLineFull({
  tasks: '1',
  bytes: '$3::bigint',
  ownLimit: '(select queue_limit from account where api_key_id = $1::bigint)',
  limit: '$2',
  mostBytes: '$4',
});

/**
 * Whether one more task of a key may wait: $1 key · $2 QUEUE_LIMIT, unless the key has its own · $3 bytes of its input ·
 * $4 most bytes of input a key may have waiting. The rule of OPEN_TASKS, for a task that was opened with a slot.
 */
export const QUEUE_ROOM: Statement = {
  name: 'task_queue_room',
  pool: 'http',
  text: `select not ${IS_FULL} as has_room from (${waitingLine('$1::bigint', null)}) q`,
};

/** Whether so much more input of a key may be kept: $1 key · $2 bytes · $3 most bytes. */
export const INPUT_ROOM: Statement = {
  name: 'task_input_room',
  pool: 'http',
  text: `select coalesce(sum(bytes), 0) + $2::bigint <= $3::bigint as has_room from task_input where api_key_id = $1::bigint`,
};

/** Whether any task waits, now or for later. */
export const WAITING = 'exists (select from task where waiting)';

/** What has waited too long: $1 longest wait in ms. */
export const OVERDUE_WAITING: Statement = {
  name: 'task_overdue_waiting',
  pool: 'work',
  text: `select * from task where waiting and submitted_at < now() - $1::bigint * interval '1 ms'
    order by submitted_at limit 100`,
};
