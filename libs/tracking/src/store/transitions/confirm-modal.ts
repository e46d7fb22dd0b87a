import type { Task } from '../../task/task.entity.js';
import { bookHolds, chargeAccounts, lockAccounts } from '#libs/access';
import { type EntityRow, statement } from '#libs/database';
import { lockSlots, takeSlots } from '#libs/upstream';
import { schedulePolls } from '../fragments/polls.js';
import { isQueueFull, queueTotals } from '../fragments/queue-limit.js';
import { after } from '../fragments/after.js';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';

const IS_FULL = isQueueFull({
  tasks: '1',
  bytes: 'length(:input::bytea)',
  ownLimit: 'a.queue_limit',
  limit: ':queueLimit',
  mostBytes: ':mostBytes',
});

/**
 * Confirms a modal: takes price, running count and slot again and sets the status to SUBMITTED. Of several concurrent
 * confirmations one finds the modal unconfirmed; the others get no row. Credits, concurrency and the queue limit apply
 * as for a new task, but not the limits per minute and day, which counted the task when it was opened.
 *
 * `input` is stored if the task has to wait; `queueLimit` is QUEUE_LIMIT and yields to a limit of the key's own;
 * `prompt` is the text that the client wrote into the modal, null if none.
 *
 * Returns the verdict (`open`, `wait`, `quota`, `busy`, `queue_full`) and the task. For the end of the send at the latest a
 * poll is scheduled, or a look-up where the upstream does not know the modal.
 */
export const CONFIRM_MODAL = statement<
  {
    taskId: string;
    apiKeyId: string;
    price: string;
    input: Buffer;
    sendTimeoutMs: number;
    lifeMs: number;
    queueLimit: number;
    mostBytes: number;
    prompt: string | null;
  },
  EntityRow<Task> & { verdict: 'open' | 'wait' | 'quota' | 'busy' | 'queue_full' }
>({
  name: 'task_confirm_window',
  pool: 'http',
  text: `
    with locked as materialized (
      select id, api_key_id, upstream_id from task
      where id = :taskId and api_key_id = :apiKeyId and status = 'MODAL' and confirmed_at is null for no key update
    ), account_now as materialized (
      ${lockAccounts('select api_key_id from locked')}
    ), load_now as materialized (
      ${lockSlots(`select upstream_id from locked where ${after('account_now')}`)}
    ), queue as materialized (
      ${queueTotals(':apiKeyId::bigint', 'load_now')}
      where exists (select from locked) and not exists (select from load_now where running < max_concurrent)
    ), judged as (
      select w.id,
        case
          when a.has_credit_limit and :price::numeric > a.balance then 'quota'
          when :price::numeric > 0 and a.month_spent + :price::numeric > a.monthly_spend then 'quota'
          when a.running + 1 > a.max_concurrent then 'busy'
          when l.running < l.max_concurrent then 'open'
          when ${IS_FULL} then 'queue_full'
          else 'wait' end as verdict
      from locked w left join queue q on true
      left join account_now a using (api_key_id) left join load_now l using (upstream_id)
    ), confirmed as (
      update task t set status = 'SUBMITTED', version = t.version + 1, confirmed_at = now(),
        started_at = coalesce(t.started_at, now()), price = :price::numeric, cost = :price::numeric, is_counted = true, jobs = 1, slots = 1,
        has_slot = j.verdict = 'open', waiting = j.verdict = 'wait',
        send_attempt = t.send_attempt + case when j.verdict = 'open' then 1 else 0 end,
        sent_at = case when j.verdict = 'open' then now() end,
        send_deadline = case when j.verdict = 'open' then ${sendDeadline(':sendTimeoutMs')} end,
        next_poll_at = case when j.verdict = 'open' and t.upstream_task_id is not null then ${firstLookUp(':sendTimeoutMs')} end,
        look_up_at = case when j.verdict = 'open' and t.upstream_task_id is null then ${firstLookUp(':sendTimeoutMs')} end,
        deadline_at = now() + :lifeMs::bigint * interval '1 ms',
        prompt = coalesce(:prompt::text, t.prompt)
      from judged j where t.id = j.id and j.verdict in ('open', 'wait')
      returning t.*
    ), slots as (
      ${takeSlots('(select upstream_id, slots from confirmed where has_slot) c')}
    ), polls as (
      ${schedulePolls('confirmed')}
    ), holds as (
      ${bookHolds('confirmed')}
    ), charged as (
      ${chargeAccounts('confirmed', { submits: '0', tasks: '0' })}
    ), inputs as (
      insert into task_input (task_id, api_key_id, body, bytes)
      select id, api_key_id, :input::bytea, length(:input::bytea) from confirmed where waiting
    ), events as (
      ${recordEvents('confirmed', {
        kind: "'confirmed'",
        source: "'api'",
        detail: "jsonb_strip_nulls(jsonb_build_object('waiting', nullif(waiting, false)))",
      })}
    )
    select j.verdict, c.* from judged j left join confirmed c on c.id = j.id`,
});
