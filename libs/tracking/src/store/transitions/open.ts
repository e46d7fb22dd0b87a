import type { VerdictRow } from '../open-verdict.js';
import type { Task } from '../../task/task.entity.js';
import { placeOrder, slotsFor, lockSlots, takeSlots } from '#libs/upstream';
import { isQueueFull, queueTotals } from '../fragments/queue-limit.js';
import { lockAccounts, bookHolds, chargeAccounts, DAY_START } from '#libs/access';
import { statement, type TypedStatement } from '#libs/database';
import { after } from '../fragments/after.js';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';

/**
 * The columns of a new task that its submit decides, as `:tasks` has them. All other columns get the table's default or
 * are decided by the statement.
 */
const NEW_TASK_COLUMNS = {
  id: 'bigint',
  action: 'text',
  mode: 'text',
  bot_type: 'text',
  prompt: 'text',
  description: 'text',
  state: 'text',
  parent_id: 'bigint',
  batch_id: 'bigint',
  custom_id: 'text',
  repeat_key: 'text',
  upstream_id: 'bigint',
  upstream_kinds: 'text[]',
  rebased_from: 'bigint',
  price: 'numeric',
  retries: 'smallint',
  retries_left: 'smallint',
  jobs: 'smallint',
  notify_hook: 'text',
  notify_terminal_only: 'boolean',
  base_url: 'text',
  request_id: 'text',
  idem_route: 'text',
  idem_key: 'text',
  idem_print: 'text',
} as const;

/** One task of `:tasks`. Sending all 74 columns, most of them empty, took a third of the statement's time. */
type NewTaskRow = Record<keyof typeof NEW_TASK_COLUMNS, string | number | boolean | string[] | null>;

/** A new task as a row of `:tasks`. */
export function toNewTaskRow(task: Task): NewTaskRow {
  return {
    id: task.id,
    action: task.action,
    mode: task.mode,
    bot_type: task.botType,
    prompt: task.prompt,
    description: task.description,
    state: task.state,
    parent_id: task.parentId,
    batch_id: task.batchId,
    custom_id: task.customId,
    repeat_key: task.repeatKey,
    upstream_id: task.upstreamId,
    upstream_kinds: task.upstreamKinds,
    rebased_from: task.rebasedFrom,
    price: task.price,
    retries: task.retries,
    retries_left: task.retriesLeft,
    jobs: task.jobs,
    notify_hook: task.notifyHook,
    notify_terminal_only: task.notifyTerminalOnly,
    base_url: task.baseUrl,
    request_id: task.requestId,
    idem_route: task.idemRoute,
    idem_key: task.idemKey,
    idem_print: task.idemPrint,
  };
}

const COLUMNS = Object.keys(NEW_TASK_COLUMNS);

const GIVEN = COLUMNS.filter((column) => column !== 'upstream_id');

/** Free single slots, up to as many as there are tasks, in the order in which they are taken. */
const FREE_SLOTS = `select l.upstream_id, 1 as slots, row_number() over (
          order by ${placeOrder('taken')}) as k
      from load_now l
      join jsonb_to_recordset(:candidates::jsonb) as c (id bigint, priority integer, weight integer) on c.id = l.upstream_id
      cross join lateral generate_series(1, least(l.max_concurrent - l.running, (select count(*) from asked))) taken`;

const NEEDED = slotsFor('a.jobs', 'l.max_concurrent');

/** The slots that one task of several jobs takes at the upstream chosen for it. */
const HEAVY_SLOT = `select l.upstream_id, ${NEEDED} as slots, 1 as k
      from load_now l
      join jsonb_to_recordset(:candidates::jsonb) as c (id bigint, priority integer, weight integer) on c.id = l.upstream_id
      cross join asked a
      where l.running + ${NEEDED} <= l.max_concurrent order by ${placeOrder(NEEDED)} limit 1`;

/** The lines of the timeline of an opened task. */
const OPENED_EVENTS = `(select o.*, e.kind from opened o cross join lateral unnest(
        case when o.rebased_from is null then array['opened'] else array['opened', 'rebased'] end) with ordinality as e(kind, place)
        order by o.id, e.place) o`;

interface OpenParameters {
  apiKeyId: string;
  tasks: string;
  candidates: string;
  bodies: Buffer;
  mayWait: readonly boolean[];
  sendTimeoutMs: number;
  queueLimit: number;
  mostInputBytes: number;
}

type OpenTasks = TypedStatement<OpenParameters, VerdictRow>;

/**
 * Opens tasks of one key that share one list of candidate upstreams, in the order given: account, slot, task, event,
 * ledger and, if the task waits or may be retried, input.
 *
 * `tasks` is a JSON array of NewTaskRow, `candidates` one of `{id, priority, weight}`; `bodies` (null for no input) and
 * `mayWait` are arrays by the place of the task; `queueLimit` is QUEUE_LIMIT and yields to a limit of the key's own.
 *
 * Returns a row for each place: the verdict (`open`, `wait`, `quota`, `daily`, `rate`, `busy`, `queue_full`, `full`,
 * `needs_input`), for an opened task the values that were decided, and for a key with limits the state of the limits
 * after this statement: submits in the current minute (rate_limit, rate_used), and ms until the minute and the UTC day
 * end. Of several exceeded limits the verdict is the one that lasts longest.
 *
 * The statement never uses ON CONFLICT on task: a unique violation undoes the whole statement, and the name of the
 * constraint distinguishes a taken id, a replay and a repeat. The running sums also count refused tasks of the same
 * batch, so a task refused in a batch is opened again alone. Tasks of a group after the first (with a batch_id) do not
 * count as further submits.
 */
function open(name: string, { isWhole, isHeavy }: { isWhole: boolean; isHeavy: boolean }): OpenTasks {
  const all = "not exists (select from verdicts where verdict not in ('open', 'wait'))";
  const pause = `case when v.slot_of is null and exists (select from verdicts where slot_of is not null)
          then ${sendDeadline(':sendTimeoutMs')} + interval '5 s' end`;
  const isFull = isQueueFull({
    tasks: 'row_number() over (order by p.slot_of nulls first, p.place)',
    bytes: 'sum(p.bytes) over (order by p.slot_of nulls first, p.place)',
    ownLimit: '(select queue_limit from account_now)',
    limit: ':queueLimit',
    mostBytes: ':mostInputBytes',
  });
  const text = `
    with asked as materialized (
      select item.*, (:bodies::bytea[])[item.place] as body, (:mayWait::boolean[])[item.place] as may_wait
      from rows from (jsonb_to_recordset(:tasks::jsonb) as (
        ${COLUMNS.map((column) => `${column} ${NEW_TASK_COLUMNS[column as keyof typeof NEW_TASK_COLUMNS]}`).join(', ')}
      )) with ordinality as item (${COLUMNS.join(', ')}, place)
    ), account_now as materialized (
      ${lockAccounts('select :apiKeyId::bigint')}
    ), load_now as materialized (
      ${lockSlots(`select (c ->> 'id')::bigint from jsonb_array_elements(:candidates::jsonb) c where ${after('account_now')}`)}
    ), judged as (
      select a.place, a.id, a.may_wait, a.body is not null as has_body, length(a.body) as bytes,
        case
          when n.has_credit_limit and sum(a.price) over so_far > n.balance then 'quota'
          when a.price > 0 and n.month_spent + sum(a.price) over so_far > n.monthly_spend then 'quota'
          when n.day_used + sum(a.jobs) over so_far > n.daily_tasks then 'daily'
          when a.batch_id is null
            and n.window_used + count(*) filter (where a.batch_id is null) over so_far > n.requests_per_minute then 'rate'
          when n.running + sum(a.jobs) over so_far > n.max_concurrent then 'busy'
          else 'ok' end as verdict
      from asked a left join account_now n on true
      window so_far as (order by a.place)
    ), free_slot as (
      ${isHeavy ? HEAVY_SLOT : FREE_SLOTS}
    ), placed as (
      select j.*, s.upstream_id as slot_of, coalesce(s.slots, 1) as slots
      from (select *, row_number() over (order by place) as k from judged where verdict = 'ok') j
      left join free_slot s using (k)
    ), queue as materialized (
      ${queueTotals(':apiKeyId::bigint', 'load_now')}
      where exists (select from placed where slot_of is null)
    ), verdicts as (
      select p.place, p.id, p.slot_of, p.slots,
        case
          when p.slot_of is not null then 'open'
          when not p.may_wait then 'full'
          when not p.has_body then 'needs_input'
          when ${isFull} then 'queue_full'
          else 'wait' end as verdict
      from placed p left join queue q on true
      union all
      select place, id, null, 1, verdict from judged where verdict <> 'ok'
    ), opened as (
      insert into task (${GIVEN.join(', ')}, api_key_id, status, cost,
        upstream_id, slots, has_slot, waiting, is_counted, send_attempt, sent_at, send_deadline, look_up_at${isWhole ? ', wait_until' : ''})
      select ${GIVEN.map((column) => `a.${column}`).join(', ')}, :apiKeyId::bigint, 'NOT_START', a.price,
        coalesce(v.slot_of, a.upstream_id), v.slots, v.slot_of is not null, v.slot_of is null, true,
        case when v.slot_of is null then 0 else 1 end,
        case when v.slot_of is null then null else now() end,
        case when v.slot_of is null then null else ${sendDeadline(':sendTimeoutMs')} end,
        case when v.slot_of is null then null else ${firstLookUp(':sendTimeoutMs')} end${isWhole ? `, ${pause}` : ''}
      from asked a join verdicts v using (place) where v.verdict in ('open', 'wait')${isWhole ? ` and ${all}` : ''}
      returning id, api_key_id, batch_id, rebased_from, price, jobs, version, status, progress, upstream_id, slots, has_slot, waiting, is_counted,
        send_attempt, sent_at, send_deadline, look_up_at, submitted_at
    ), slots as (
      ${takeSlots('(select upstream_id, slots from opened where has_slot) o')}
    ), holds as (
      ${bookHolds('opened')}
    ), charged as (
      ${chargeAccounts('opened', { submits: 'count(*) filter (where batch_id is null)', tasks: 'sum(jobs)' })}
    ), inputs as (
      insert into task_input (task_id, api_key_id, body, bytes)
      select o.id, o.api_key_id, a.body, length(a.body) from opened o join asked a using (id)
      where o.waiting or a.retries_left > 0
    ), events as (
      ${recordEvents(OPENED_EVENTS, {
        kind: 'kind',
        source: "'api'",
        detail: `case kind when 'rebased' then jsonb_build_object('from', rebased_from)
          else jsonb_strip_nulls(jsonb_build_object('waiting', nullif(waiting, false), 'upstreamId', upstream_id)) end`,
      })}
    )
    select v.verdict, o.id, o.price, o.upstream_id, o.has_slot, o.waiting, o.is_counted,
      o.send_attempt, o.sent_at, o.send_deadline, o.look_up_at, o.submitted_at, n.requests_per_minute as rate_limit,
      (n.window_used + (select count(*) from opened where batch_id is null))::integer as rate_used,
      least(60000, ceil(extract(epoch from n.window_end - now()) * 1000))::integer as rate_resets_ms,
      ceil(extract(epoch from ${DAY_START} + interval '1 day' - now()) * 1000)::integer as day_ends_ms
    from verdicts v left join account_now n on true
    left join opened o on o.id = v.id and v.verdict in ('open', 'wait')
    order by v.place`;
  return statement<OpenParameters, VerdictRow>({ name, pool: 'http', text });
}

export const OPEN_TASKS = open('task_open', { isWhole: false, isHeavy: false });

/**
 * Opens the jobs of one prompt: all of them or none. If any job has a slot, the first one has; jobs that wait stay back
 * until the send of the first is over, because the upstream's answer to the first decides about all.
 */
export const OPEN_SERIES = open('task_open_series', { isWhole: true, isHeavy: false });

/** Opens one task of several jobs: it gets slots for all of them at one upstream, or none. */
export const OPEN_HEAVY = open('task_open_heavy', { isWhole: false, isHeavy: true });
