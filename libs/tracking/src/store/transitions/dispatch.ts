import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { queueClass } from '../fragments/service-order.js';
import { slotsFor, SLOW_ANSWER_MS, takeSlots } from '#libs/upstream';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';
import { schedulePolls } from '../fragments/polls.js';

/** Longest send in ms: a face swap's pictures are judged while its answer is awaited (sendTimeoutMs of libs/upstream). */
const SEND_MS = `greatest(:sendTimeoutMs::integer, case when t.action = 'SWAP_FACE' then ${SLOW_ANSWER_MS} else 0 end)`;

/** For how long a task that is sent again is left to upstreams that it was not sent to before. */
const OTHERS_FIRST = "interval '30 s'";

/** Bytes of an input that come in one row: the driver takes 5 ms for each MiB, in one turn of the event loop. */
export const INPUT_PIECE = 2 * 1024 * 1024;

/** `bytes` of a task's input, from the byte `from` on; the first is 1. */
export const INPUT_PART = statement<{ taskId: string; from: number; bytes: number }, { part: Buffer }>({
  name: 'task_input_part',
  pool: 'work',
  text: 'select substring(body from :from::int for :bytes::int) as part from task_input where task_id = :taskId',
});

/**
 * Takes waiting tasks that one upstream has free slots for, of its modes and actions (null: all). Faster modes first, 10 minutes of waiting lift a
 * task one class; within a class keys take turns, the one served longest ago first, then age decides. What this upstream
 * did not take, or failed at, is left to the others for a while. A long input is read by INPUT_PART. The choice is a subquery and the lock checks `waiting`
 * again, because a sorted choice under a lock would lock rows it then drops.
 */
export const DISPATCH = statement<
  {
    upstreamId: string;
    modes: readonly string[] | null;
    actions: readonly string[] | null;
    limit: number;
    sendTimeoutMs: number;
    hasOthers: boolean;
  },
  EntityRow<Task> & { body: Buffer | null; body_bytes: number | null }
>({
  name: 'task_dispatch',
  pool: 'work',
  text: `
    with ready as materialized (
      select id, api_key_id, submitted_at,
        ${queueClass('task')} as class
      from task
      where waiting and (wait_until is null or wait_until <= now()) and (upstream_id is null or upstream_id = :upstreamId)
        and (:modes::text[] is null or mode = any(:modes::text[])) and (:actions::text[] is null or action = any(:actions::text[]))
        and (send_attempt = 0 or upstream_id is not null or not :hasOthers::boolean or not exists (
          select from past_send p where p.task_id = task.id and p.upstream_id = :upstreamId
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
      limit least(:limit::integer, (select greatest(0, max_concurrent - running) from upstream_load where upstream_id = :upstreamId))
    ), locked as materialized (
      select id, jobs from task where id in (select id from chosen) and waiting order by id for update skip locked
    ), room as materialized (
      select max_concurrent as most, max_concurrent - running as free from upstream_load
      where upstream_id = :upstreamId and exists (select from locked) for update
    ), sent as (
      update task t set waiting = false, wait_until = null, upstream_id = :upstreamId, has_slot = true, slots = l.slots, version = t.version + 1,
        send_attempt = t.send_attempt + 1, pushed_id = null, sent_at = now(), send_deadline = ${sendDeadline(SEND_MS)},
        look_up_at = case when t.upstream_task_id is null then ${firstLookUp(SEND_MS)} end,
        next_poll_at = case when t.upstream_task_id is not null then ${firstLookUp(SEND_MS)} end
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
      ${recordEvents('sent', { kind: "'dispatched'", source: "'dispatcher'", detail: "jsonb_build_object('upstreamId', upstream_id)" })}
    )
    select sent.*, octet_length(i.body) as body_bytes, case when octet_length(i.body) <= ${INPUT_PIECE} then i.body end as body
    from sent join chosen using (id) left join task_input i on i.task_id = sent.id
    order by chosen.place`,
});

/** Whether a task waits to be sent now while any upstream has a free slot. */
export const SENDS_DUE = `exists (select from upstream_load where running < max_concurrent)
      and (exists (select from task where waiting and wait_until is null)
        or exists (select from task where waiting and wait_until <= now()))`;
