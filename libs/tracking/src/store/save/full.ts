import { bookRefunds, creditAccounts, lockAccounts } from '#libs/access';
import { enqueuePictures } from '#libs/assets';
import { columnsOf, statement, type PoolName, type TypedStatement } from '#libs/database';
import { freeSlots, lockSlots } from '#libs/upstream';
import { Task } from '../../task/task.entity.js';
import { keepEndedSends } from '../fragments/ended-sends.js';
import { endPolls, movePolls, nextPollAt, schedulePolls } from '../fragments/polls.js';
import { enqueueHooks } from '../fragments/enqueue-hooks.js';
import { after } from '../fragments/after.js';
import { recordEvents } from '../fragments/task-events.js';

/** Columns that are fixed when the task is opened, or that other statements write. */
const UNSAVED_COLUMNS = new Set([
  'id',
  'api_key_id',
  'action',
  'mode',
  'bot_type',
  'state',
  'parent_id',
  'batch_id',
  'custom_id',
  'price',
  'retries',
  'jobs',
  'slots',
  'notify_hook',
  'notify_terminal_only',
  'base_url',
  'request_id',
  'submitted_at',
  'hinted_at',
  'pushed_id',
  'next_poll_at',
  'answer',
]);
const SAVED_COLUMNS = columnsOf(Task).filter((column) => !UNSAVED_COLUMNS.has(column));

/** The columns that the statement reads from a change. */
export const READ_COLUMNS: ReadonlySet<string> = new Set([
  ...SAVED_COLUMNS,
  'id',
  'api_key_id',
  'hinted_at',
  'next_poll_at',
]);

/** SQL of the events of each saved task, in the order in which they happened. */
const EVENTS_OF_SAVED = `(
        select s.id, s.version, s.status, s.progress, e.kind, e.source, e.detail
        from saved s cross join lateral rows from (
          jsonb_to_recordset(s.timeline) as (kind text, source text, detail jsonb)) with ordinality as e (kind, source, detail, at)
        order by s.place, e.at) timeline`;

/** `changes` is a JSON array; `inputs` is a bytea[] by the place of the change. */
interface SaveParameters {
  changes: string;
  inputs: Buffer;
}

export type SaveTasks = TypedStatement<SaveParameters, { id: string }>;

/**
 * Saves the changes that Task.on made: rows, refunds, slots, events, deliveries and wanted pictures, in one statement
 * with compare-and-set on `version`. Tasks, accounts and slots are locked in this order, each by id: batches that lock
 * in different orders deadlock.
 *
 * A task whose upstream pushed since the row was read (hinted_at, which a change carries as it was read, in ms) is
 * polled at once, because the snapshot may be older than the push; such a task is not sent again either, because the
 * push proves that the upstream has it.
 *
 * A change is `{task, from_version, refund, refund_note, frees, uncounts, timeline, delivery, assets, drops_input,
 * ended_send?, answer}`.
 *
 * Returns the saved ids. A missing id was changed concurrently, and is polled again.
 */
function save(name: string, pool: PoolName, { isPoll }: { isPoll: boolean }): SaveTasks {
  const text = `
    with changed as materialized (
      select row.*, item.place, e.from_version, e.refund, e.refund_note, e.frees, e.uncounts, e.timeline, e.delivery, e.assets,
        e.drops_input, e.ended_send, e.answer as new_answer, (:inputs::bytea[])[item.place] as input
      from jsonb_array_elements(:changes::jsonb) with ordinality as item (change, place)
      cross join lateral jsonb_populate_record(null::task, item.change -> 'task') as row
      cross join lateral jsonb_to_record(item.change) as e (from_version integer, refund numeric, refund_note text, frees bigint,
        uncounts boolean, timeline jsonb, delivery jsonb, assets jsonb, drops_input boolean, ended_send jsonb,
        answer jsonb)
    ), locked as materialized (
      select t.id, t.hinted_at from task t join changed c on c.id = t.id and c.from_version = t.version
        and (c.ended_send is null or date_trunc('milliseconds', t.hinted_at) is not distinct from c.hinted_at)
      order by t.id for no key update of t ${isPoll ? 'skip locked' : ''}
    ), account_now as materialized (
      ${lockAccounts('select c.api_key_id from changed c join locked using (id) where c.refund > 0 or c.uncounts')}
    ), load_now as materialized (
      ${lockSlots(`select c.frees from changed c join locked using (id) where c.frees is not null and ${after('account_now')}`)}
    ), saved as (
      update task t set ${SAVED_COLUMNS.map((column) => `${column} = c.${column}`).join(', ')},
        answer = coalesce(c.new_answer, t.answer),
        next_poll_at = ${nextPollAt("date_trunc('milliseconds', t.hinted_at) is distinct from c.hinted_at")}
      from changed c, locked l
      where t.id = c.id and l.id = c.id and ${after('load_now')}
      returning t.id, t.version, t.status, t.progress, t.api_key_id, t.upstream_id, t.refused, t.alias_of,
        t.submitted_at, t.next_poll_at, t.jobs, t.slots, c.place, c.refund, c.refund_note, c.frees, c.uncounts,
        c.timeline, c.delivery, c.assets, c.drops_input, c.ended_send, c.input
    ), polls as (
      ${isPoll ? movePolls('saved') : schedulePolls('saved')}
    ), ended_polls as (
      ${endPolls('saved')}
    ), refunds as (
      ${bookRefunds('saved')}
    ), credited as (
      ${creditAccounts('saved')}
    ), freed as (
      ${freeSlots('(select frees as upstream_id, slots from saved where frees is not null) f')}
    ), events as (
      ${recordEvents(EVENTS_OF_SAVED, { kind: 'kind', source: 'source', detail: 'detail' })}
    ), ${enqueueHooks('saved')}, wanted as (
      select s.id as task_id, a.kind, a.n, s.upstream_id, a.source_url
      from saved s cross join lateral jsonb_to_recordset(s.assets) as a (kind text, n smallint, source_url text)
    ), assets as (
      ${enqueuePictures('wanted')}
    ), dropped as (
      delete from task_input i using saved s where s.id = i.task_id and s.drops_input
    ), kept_input as (
      insert into task_input (task_id, api_key_id, body, bytes)
      select id, api_key_id, input, length(input) from saved where input is not null and not drops_input
      on conflict (task_id) do nothing
    ), ended_sends as (
      ${keepEndedSends('saved')}
    )
    select id from saved`;
  return statement<SaveParameters, { id: string }>({ name, pool, text });
}

export const SAVE_TASKS = save('task_save', 'work', { isPoll: false });

/**
 * Saves the changes of polled tasks: a row that another transaction has locked is skipped, so that it holds up no
 * other.
 */
export const SAVE_POLLED = save('task_save_polled', 'work', { isPoll: true });

/** Saves the change of a single request, on the connection pool of requests. */
export const SETTLE_TASK = save('task_settle', 'http', { isPoll: false });
