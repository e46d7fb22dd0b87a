import type { EventSource } from '../../task/event.js';
import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { lockSlots, placeOrder, slotsFor } from '#libs/upstream';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';

/** Slots that the task `t` takes at an upstream. */
const NEEDED = slotsFor('t.jobs', 'l.max_concurrent');

/**
 * Moves a task that is being sent to another upstream, because the first upstream did nothing: frees the slot there,
 * takes one at the other, and counts a new attempt. Tasks and slots are locked in the order that all statements keep.
 *
 * `candidates` is a JSON array of `{id, priority, weight}`.
 *
 * The two slots are grouped although each occurs once: Postgres flattens a plain union, and then joins the wrong row
 * for one that another transaction changed since this statement began (found by moving tasks in parallel).
 *
 * Returns the moved task; no row if no candidate has a free slot or the task was changed concurrently.
 */
export const MOVE_SEND = statement<
  {
    taskId: string;
    version: number;
    attempt: number;
    candidates: string;
    sendTimeoutMs: number;
    source: EventSource;
    why: string;
  },
  EntityRow<Task>
>({
  name: 'task_move_send',
  pool: 'http',
  text: `
    with locked as materialized (
      select id, upstream_id, jobs, slots from task
      where id = :taskId and version = :version and send_attempt = :attempt and has_slot and not waiting
        and upstream_task_id is null and (parent_id is null or rebased_from is not null) and finished_at is null
      for no key update
    ), load_now as materialized (
      ${lockSlots(`select upstream_id from locked
        union select (c ->> 'id')::bigint from jsonb_array_elements(:candidates::jsonb) c where exists (select from locked)`)}
    ), chosen as (
      select l.upstream_id, ${NEEDED} as slots from load_now l
      join jsonb_to_recordset(:candidates::jsonb) as c (id bigint, priority integer, weight integer) on c.id = l.upstream_id
      cross join locked t
      where l.running + ${NEEDED} <= l.max_concurrent and l.upstream_id <> t.upstream_id
      order by ${placeOrder(NEEDED)} limit 1
    ), moved as (
      update task t set upstream_id = c.upstream_id, slots = c.slots, version = t.version + 1, send_attempt = t.send_attempt + 1,
        sent_at = now(), send_deadline = ${sendDeadline(':sendTimeoutMs')}, look_up_at = ${firstLookUp(':sendTimeoutMs')}
      from locked l, chosen c where t.id = l.id
      returning t.*, l.upstream_id as left_upstream, l.slots as left_slots
    ), slots as (
      update upstream_load l set running = greatest(0, l.running + moves.n)
      from (
        select upstream_id, sum(n)::integer as n
        from (select left_upstream as upstream_id, -left_slots as n from moved union all select upstream_id, slots from moved) m
        group by upstream_id) moves
      where l.upstream_id = moves.upstream_id
    ), events as (
      ${recordEvents('moved', {
        kind: "'moved'",
        source: ':source',
        detail: "jsonb_build_object('from', left_upstream, 'upstreamId', upstream_id, 'why', :why::text)",
      })}
    )
    select * from moved`,
});
