import { dayOf, percentile, ratio, UPSTREAM_LABEL } from './fragments.js';
import type { Report } from './report.js';

/** What the results of upstream_call come to. Each is in exactly one class; what is not named here is an http_error. */
const OK = `'{ok,accepted,queued,window,exists,uploaded,banned,refused}'::text[]`;
const THROTTLED = `'{full,throttled,status_429}'::text[]`;
const NOT_MADE = `'{circuit,circuit_open}'::text[]`;
const OTHERS = `array['timeout'] || ${OK} || ${THROTTLED} || ${NOT_MADE}`;

/** A row of summed calls stands for one value: their average. */
const CALL_MS = 'c.total_ms / c.calls::float8';

export const UPSTREAM_DAILY: Report = {
  name: 'upstream_daily',
  kind: 'view',
  sql: `
    create view report.upstream_daily as
    select day, upstream, operation, calls, ok, http_errors, timeouts, rejected_by_circuit, throttled,
      ${ratio('ok', 'calls - rejected_by_circuit')} as ok_ratio, p50_ms, p95_ms
    from (
      select ${dayOf('c.at')} as day, ${UPSTREAM_LABEL} as upstream, c.operation,
        sum(c.calls)::bigint as calls,
        coalesce(sum(c.calls) filter (where c.result = any (${OK})), 0)::bigint as ok,
        coalesce(sum(c.calls) filter (where c.result <> all (${OTHERS})), 0)::bigint as http_errors,
        coalesce(sum(c.calls) filter (where c.result = 'timeout'), 0)::bigint as timeouts,
        coalesce(sum(c.calls) filter (where c.result = any (${NOT_MADE})), 0)::bigint as rejected_by_circuit,
        coalesce(sum(c.calls) filter (where c.result = any (${THROTTLED})), 0)::bigint as throttled,
        ${percentile(0.5, CALL_MS)} as p50_ms,
        ${percentile(0.95, CALL_MS)} as p95_ms
      from upstream_call c
        join upstream u on u.id = c.upstream_id
      group by ${dayOf('c.at')}, ${UPSTREAM_LABEL}, c.operation) as sums`,
  about: 'Calls to upstreams by UTC day of the call and operation: how many, how they went, how long they took.',
  columns: {
    day: 'UTC day of the call.',
    upstream: 'Name of the upstream; a removed one has its number added.',
    operation: 'submit, poll, list, fetch, cancel, seed or probe.',
    calls: 'How many: the sum of the next five.',
    ok: 'Answered in order; submits that it declined for their content too.',
    http_errors:
      'Failed: not reached, broken off, a 4xx or 5xx, unreadable; submits that began nothing, or whose outcome is not known.',
    timeouts: 'Not answered in time. Of submits such count as http_errors: their outcome is not known.',
    rejected_by_circuit: 'Not made, because the circuit was open.',
    throttled: 'Answered that it is full.',
    ok_ratio: 'ok / calls that were made; null of none.',
    p50_ms: 'Median time of a call, ms; of operations that are summed by minute: of the averages of those minutes.',
    p95_ms: 'The same, 95th percentile.',
  },
};

export const UPSTREAM_NOW: Report = {
  name: 'upstream_now',
  kind: 'view',
  sql: `
    create view report.upstream_now as
    select u.name as upstream, u.kind, u.enabled,
      case when u.circuit_until is null then 'closed' when u.circuit_until > now() then 'open' else 'half-open' end
        as circuit_state,
      u.circuit_changed_at, l.max_concurrent as max_concurrency, l.running,
      greatest(0, l.max_concurrent - l.running) as free_slots,
      c.calls as calls_15m, ${ratio('c.ok', 'c.calls')} as ok_ratio_15m, c.p95_ms as p95_ms_15m, u.last_ok_at
    from upstream u
      left join upstream_load l on l.upstream_id = u.id
      left join lateral (
        select coalesce(sum(c.calls), 0)::bigint as calls, sum(c.calls) filter (where c.result = any (${OK})) as ok,
          ${percentile(0.95, CALL_MS)} as p95_ms
        from upstream_call c
        where c.upstream_id = u.id and c.at > now() - interval '15 minutes' and c.result <> all (${NOT_MADE})) c on true
    where u.retired_at is null`,
  about: 'Upstreams as they stand now, removed ones left out.',
  columns: {
    upstream: 'Name of the upstream.',
    kind: 'Which wire it speaks.',
    enabled: 'False: gets no new work.',
    circuit_state: 'closed; open: it gets no calls; half-open: one call decides.',
    circuit_changed_at: 'When the circuit last opened or closed; null: never.',
    max_concurrency: 'Slots it has.',
    running: 'Slots taken by tasks.',
    free_slots: 'Slots free.',
    calls_15m: 'Calls made in the last 15 minutes.',
    ok_ratio_15m: 'Share of them that was answered in order; null of none.',
    p95_ms_15m: '95th percentile of their time, ms, as in upstream_daily.',
    last_ok_at: 'Last call that worked.',
  },
};
