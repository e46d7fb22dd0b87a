import { bookHolds, chargeAccounts, lockAccounts } from '#libs/access';
import type { Statement } from '#libs/database';
import { lockSlots, takeSlots } from '#libs/upstream';
import { schedulePolls } from '../fragments/polls.js';
import { isQueueFull, queueTotals } from '../fragments/queue-limit.js';
import { after } from '../fragments/after.js';
import { firstLookUp, sendDeadline } from '../fragments/begin-send.js';
import { recordEvents } from '../fragments/task-events.js';

const IS_FULL = isQueueFull({
  tasks: '1',
  bytes: 'length($4::bytea)',
  ownLimit: 'a.queue_limit',
  limit: '$7',
  mostBytes: '$8',
});

/**
 * Confirms a window: price, running count and slot are taken again, and from now on it reads SUBMITTED. However many
 * confirm it at once, one finds it unconfirmed; the others get no row. Credits, concurrency and the waiting line are
 * limited as for a new task. It is none: its minute and its day counted it when it was opened.
 *
 * $1 id · $2 key · $3 price · $4 what to keep if it has to wait, bytea · $5 longest send in ms · $6 longest life in ms
 * · $7 QUEUE_LIMIT, unless the key has its own · $8 most bytes of input a key may have waiting · $9 the prompt that its
 * client wrote into it; null: none
 *
 * Gives the verdict (`open`, `wait`, `quota`, `busy`, `queue_full`) and the task as it is now. A poll is due after the send at the
 * latest: the upstream's id is known, so a send whose answer gets lost needs no look-up.
 */
export const CONFIRM_MODAL: Statement = {
  name: 'task_confirm_window',
  pool: 'http',
  text: `
    with locked as materialized (
      select id, api_key_id, upstream_id from task
      where id = $1 and api_key_id = $2 and status = 'MODAL' and confirmed_at is null for no key update
    ), account_now as materialized (
      ${lockAccounts('select api_key_id from locked')}
    ), load_now as materialized (
      ${lockSlots(`select upstream_id from locked where ${after('account_now')}`)}
    ), queue as materialized (
      ${queueTotals('$2::bigint', 'load_now')}
      where exists (select from locked) and not exists (select from load_now where running < max_concurrent)
    ), judged as (
      select w.id,
        case
          when a.has_credit_limit and $3::numeric > a.balance then 'quota'
          when $3::numeric > 0 and a.month_spent + $3::numeric > a.monthly_spend then 'quota'
          when a.running + 1 > a.max_concurrent then 'busy'
          when l.running < l.max_concurrent then 'open'
          when ${IS_FULL} then 'queue_full'
          else 'wait' end as verdict
      from locked w left join queue q on true
      left join account_now a using (api_key_id) left join load_now l using (upstream_id)
    ), confirmed as (
      update task t set status = 'SUBMITTED', version = t.version + 1, confirmed_at = now(),
        started_at = coalesce(t.started_at, now()), price = $3::numeric, cost = $3::numeric, is_counted = true, jobs = 1, slots = 1,
        has_slot = j.verdict = 'open', waiting = j.verdict = 'wait',
        send_attempt = t.send_attempt + case when j.verdict = 'open' then 1 else 0 end,
        sent_at = case when j.verdict = 'open' then now() end,
        send_deadline = case when j.verdict = 'open' then ${sendDeadline('$5')} end,
        next_poll_at = case when j.verdict = 'open' then ${firstLookUp('$5')} end,
        deadline_at = now() + $6::bigint * interval '1 ms',
        prompt = coalesce($9::text, t.prompt)
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
      select id, api_key_id, $4::bytea, length($4::bytea) from confirmed where waiting
    ), events as (
      ${recordEvents('confirmed', {
        kind: "'confirmed'",
        source: "'api'",
        detail: "jsonb_strip_nulls(jsonb_build_object('waiting', nullif(waiting, false)))",
      })}
    )
    select j.verdict, c.* from judged j left join confirmed c on c.id = j.id`,
};
