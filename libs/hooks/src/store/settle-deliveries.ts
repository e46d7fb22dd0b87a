import { statement } from '#libs/database';
import { storableText } from '#libs/wire';
import type { Verdict } from '../send/classify-answer.js';
import type { ClaimedDelivery } from './claim-deliveries.js';

/** Rows that one statement makes due when a receiver has recovered, which bounds how long it holds their locks. */
const MAX_RETURNING = 5_000;

export interface SettleTimes {
  /** Pace of events before the end. */
  paceMs: number;
  /** Time between two probes of a failing receiver. */
  probeMs: number;
  /** Time over which the deliveries of a receiver that has recovered are spread. */
  spreadMs: number;
}

interface SettleParameters extends SettleTimes {
  /** JSON of Settlement[]. */
  settlements: string;
}

export interface SettledDelivery {
  taskId: string;
  state: string;
  /** Whether a newer change is to be sent at once. */
  due: boolean;
}

/** How one try ended, as SETTLE takes it. */
export interface Settlement {
  task_id: string;
  claim_id: string;
  seq: number;
  attempt: number;
  outcome: 'delivered' | 'failed' | 'gone';
  class: string;
  status: number | null;
  ms: number;
  answer: string;
  /** Time until the next scheduled try; null: there is none. */
  delay_ms: number | null;
  /** How long the receiver asked not to be called; null: it did not ask. */
  silence_ms: number | null;
}

export interface TryResult {
  verdict: Exclude<Verdict, { kind: 'abandoned' }>;
  /** How long the try took. */
  ms: number;
  /** First bytes of the answer. */
  head: Buffer;
}

/**
 * Describes a try for SETTLE.
 * @param delayMs until the next scheduled try of a terminal event if this one failed; null: none is left
 */
export function settlementOf(claim: ClaimedDelivery, result: TryResult, delayMs: number | null): Settlement {
  const { verdict } = result;
  return {
    task_id: claim.taskId,
    claim_id: claim.claimId,
    seq: claim.seq,
    attempt: claim.attempt,
    outcome: verdict.kind,
    class: verdict.class,
    status: verdict.status,
    ms: result.ms,
    answer: storableText(result.head.toString('utf8')),
    delay_ms: verdict.kind === 'failed' ? delayMs : null,
    silence_ms: verdict.kind === 'failed' ? verdict.silenceMs : null,
  };
}

/**
 * Settles a batch of tries: records each, decides the new state of its row, and updates the row of its receiver.
 * Rows whose claim was lost are left alone and not recorded.
 *
 * mine: the rows, locked in order of their tasks, as they are now and not as they were claimed.
 * ruling: the new state of each row. A change that came during the try is due next; a delivered row is done; a failed
 *   event before the end is dropped; the end waits for its schedule, or for the try that the schedule had set before an
 *   extra one.
 * report: the result for each receiver; a batch with a success in it is a success. A 410 says nothing about a receiver.
 * known: the receivers whose row may have to change, locked in order, after all rows of `mine`.
 * returning_rows: deliveries of a receiver that has recovered. Deferred rows (retry_at is past) are due at once. If the
 *   receiver failed for longer than the time between two probes, rows that wait for their schedule are due too, all
 *   within the spread. Rows that are locked are being tried and are passed over. With more than MAX_RETURNING rows the
 *   receiver stays failing, so that its next success makes the rest due.
 */
export const SETTLE = statement<SettleParameters, SettledDelivery>({
  name: 'hook_settle',
  pool: 'work',
  text: `with mine as materialized (
      select t.*, d.api_key_id, d.host, d.seq as row_seq, d.terminal, d.sent_at, d.retry_at
      from jsonb_to_recordset(:settlements::jsonb) as t (task_id bigint, claim_id uuid, seq int, attempt int, outcome text,
          class text, status int, ms int, answer text, delay_ms float8, silence_ms float8)
        join hook_delivery d on d.task_id = t.task_id and d.claim_id = t.claim_id
      order by d.task_id for update of d),
    ruling as (
      select m.*, case
          when outcome = 'gone' then 'cancelled'
          when row_seq > seq then 'waiting'
          when outcome = 'delivered' then 'delivered'
          when not terminal then 'dropped'
          when retry_at is null and delay_ms is null then 'dead'
          else 'waiting' end as state,
        case
          when row_seq > seq and terminal then now()
          when row_seq > seq then greatest(now(), sent_at + :paceMs::float8 * interval '1 ms')
          else greatest(now() + coalesce(silence_ms, 0) * interval '1 ms',
            coalesce(retry_at, now() + delay_ms * interval '1 ms')) end as due_at
      from mine m),
    tried as (
      insert into hook_attempt (task_id, at, seq, attempt, class, status, ms, answer)
      select task_id, sent_at, seq, attempt, class, status, ms, answer from mine),
    report as materialized (
      select api_key_id, host, bool_or(outcome = 'delivered') as works, count(*) filter (where outcome = 'failed') as failures,
        max(class) filter (where outcome = 'failed') as error, max(silence_ms) as silence_ms
      from mine where outcome <> 'gone' group by api_key_id, host),
    known as materialized (
      select r.*, h.failing_since,
        case when h.failing_since <= now() - :probeMs::float8 * interval '1 ms' then :spreadMs::float8 else 0 end as spread_ms
      from hook_host h join report r on r.api_key_id = h.api_key_id and r.host = h.host
      where not r.works or h.failing_since is not null or h.last_ok_at is null
        or h.last_ok_at < now() - interval '1 minute'
      order by h.api_key_id, h.host for update of h),
    returning_rows as materialized (
      select d.task_id, k.spread_ms from known k join hook_delivery d on d.api_key_id = k.api_key_id and d.host = k.host
      where k.works and k.failing_since is not null and d.state = 'waiting'
        and (d.retry_at <= now() or d.retry_at > now() and k.spread_ms > 0)
        and d.next_at > now() + k.spread_ms * interval '1 ms'
        and (d.claim_until is null or d.claim_until <= now()) and d.task_id not in (select task_id from mine)
      limit ${MAX_RETURNING} for update of d skip locked),
    returned as (
      update hook_delivery d set next_at = now() + random() * r.spread_ms * interval '1 ms'
      from returning_rows r where d.task_id = r.task_id),
    receivers as (
      insert into hook_host as h (api_key_id, host, failures, failing_since, probe_at, not_before, last_ok_at, last_error)
      select r.api_key_id, r.host, case when r.works then 0 else r.failures end,
        case when not r.works then now() when (select count(*) from returning_rows) >= ${MAX_RETURNING} then k.failing_since end,
        case when not r.works then now() + :probeMs::float8 * interval '1 ms' end,
        now() + r.silence_ms * interval '1 ms', case when r.works then now() end, r.error
      from report r left join known k on k.api_key_id = r.api_key_id and k.host = r.host
      where not r.works or r.silence_ms is not null or k.host is not null
      order by r.api_key_id, r.host
      on conflict (api_key_id, host) do update set
        failures = case when excluded.failures = 0 then 0 else h.failures + excluded.failures end,
        failing_since = case when excluded.failing_since is not null then coalesce(h.failing_since, excluded.failing_since) end,
        probe_at = case when excluded.failing_since is not null then coalesce(h.probe_at, excluded.probe_at) end,
        not_before = greatest(h.not_before, excluded.not_before),
        last_ok_at = coalesce(excluded.last_ok_at, h.last_ok_at),
        last_error = coalesce(excluded.last_error, h.last_error),
        used_at = case when h.used_at < now() - interval '1 day' then now() else h.used_at end)
    update hook_delivery d set claim_id = null, claim_until = null, state = r.state,
      next_at = case when r.state = 'waiting' then r.due_at end,
      retry_at = case when r.state = 'waiting' and r.row_seq = r.seq then r.due_at end,
      told_seq = case when r.outcome = 'delivered' then greatest(d.told_seq, r.seq) else d.told_seq end,
      delivered_at = case when r.state = 'delivered' then now() else d.delivered_at end,
      last_status = r.status, last_error = case when r.outcome <> 'delivered' then r.class end, last_ms = r.ms
    from ruling r where d.task_id = r.task_id
    returning d.task_id as "taskId", d.state, d.next_at <= now() as due`,
});
