import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { queueClass } from '../fragments/service-order.js';
import { slotsFor, SLOW_ANSWER_MS, takeSlots } from '#libs/upstream';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';
import { schedulePolls } from '../fragments/polls.js';

/**
 * Longest send, ms: an upstream judges the pictures of a face swap before it answers (sendTimeoutMs of libs/upstream).
 */
const SEND_MS = `greatest(:sendTimeoutMs::integer, case when t.action = 'SWAP_FACE' then ${SLOW_ANSWER_MS} else 0 end)`;

/** How long a resent task is reserved for upstreams that have not tried it yet. */
const OTHERS_FIRST = "interval '30 s'";

/** Bytes of a stored input read in one row: the driver needs 5 ms for each MiB, in one turn of the event loop. */
export const INPUT_PIECE = 2 * 1024 * 1024;

/** Reads `bytes` of a task's stored input, starting at byte `from` (the first byte is 1). */
export const INPUT_PART = statement<{ taskId: string; from: number; bytes: number }, { part: Buffer }>({
  name: 'task_input_part',
  pool: 'work',
  text: 'select substring(body from :from::int for :bytes::int) as part from task_input where task_id = :taskId',
});

/**
 * Takes waiting tasks that fit one upstream's modes, actions (null: all) and kind, and free slots. Faster modes go first, and
 * every 10 minutes of waiting lift a task by one class; within a class the key served longest ago goes first, then the
 * oldest task. Tasks of `except` are left to others. A task that this upstream did not take or failed at is reserved for the
 * others for a while. A long input is read by INPUT_PART.
 *
 * The choice is a subquery without locks, and the update checks `waiting` again: a sorted choice under a lock would
 * lock rows that it then drops.
 */
export const DISPATCH = statement<
  {
    upstreamId: string;
    modes: readonly string[] | null;
    actions: readonly string[] | null;
    kind: string;
    limit: number;
    sendTimeoutMs: number;
    hasOthers: boolean;
    except: readonly string[];
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
        and id <> all(:except::bigint[])
        and (:modes::text[] is null or mode = any(:modes::text[])) and (:actions::text[] is null or action = any(:actions::text[]))
        and (upstream_kinds is null or :kind = any(upstream_kinds))
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

/** Due probe: whether a task waits to be sent now while any upstream has a free slot. */
export const SENDS_DUE = `exists (select from upstream_load where running < max_concurrent)
      and (exists (select from task where waiting and wait_until is null)
        or exists (select from task where waiting and wait_until <= now()))`;
