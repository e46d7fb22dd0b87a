import { statement } from '#libs/database';

/** The oldest due rows that one statement looks at; a longer backlog takes several statements. */
const MAX_DEFERRED = 5_000;
/** Distance at which the rows of one failing receiver come due again, ms: that receiver gets one try at a time anyway. */
const DEFER_GAP_MS = 250;
/** Longest time a row is deferred, ms: it is due again then if no success of its receiver brings it back earlier. */
const MAX_DEFER_MS = 600_000;

/**
 * Defers due deliveries of failing hosts, so that a claim does not read the backlog of a failing receiver again and again
 * before it comes to other receivers. The next row of each receiver stays due, and the following rows come due one after
 * the other. Rows of a receiver that asked for silence are due after the silence; an event before the end, which only a
 * probe may send, is due after the next probe. A deferred row has `retry_at` in the past and `next_at` ahead. The first
 * success of its receiver makes it due at once (SETTLE), and its try counts in the schedule as if it had not been
 * deferred.
 *
 * `probeMs`: the time between two probes of a receiver.
 */
export const DEFER_FAILING_HOST = statement<{ probeMs: number }, object>({
  name: 'hook_put_aside',
  pool: 'work',
  text: `with oldest as materialized (
      select task_id, api_key_id, host, next_at, terminal from hook_delivery
      where next_at <= now() order by next_at limit ${MAX_DEFERRED}),
    due as materialized (
      select d.task_id, d.api_key_id, d.host, d.next_at, greatest(h.not_before, now()) as base,
        h.not_before is null or h.not_before <= now() as may_be_called,
        d.terminal or h.failing_since is null or h.probe_at is null as may_go
      from oldest d join hook_host h on h.api_key_id = d.api_key_id and h.host = d.host
      where h.failing_since is not null or h.not_before > now()),
    placed as (
      select due.*, row_number() over (partition by api_key_id, host, may_go order by next_at, task_id) as place from due),
    moved as materialized (
      select d.task_id, p.base + case when p.may_go then least((p.place - 1) * ${DEFER_GAP_MS}, ${MAX_DEFER_MS}) else :probeMs::float8 end
          * interval '1 ms' as due_at
      from placed p join hook_delivery d on d.task_id = p.task_id
      where (p.place > 1 or not p.may_go or not p.may_be_called) and d.next_at <= now()
      for update of d skip locked)
    update hook_delivery d set next_at = m.due_at, retry_at = coalesce(d.retry_at, d.next_at)
    from moved m where d.task_id = m.task_id`,
});
