/** What tasks leave behind besides their rows; each for the tasks of one run: $1 its request id. */

const MINE = 'from task t where t.request_id = $1';

/** When those that run are polled. */
export const INSERT_POLLS = `
  insert into task_poll (task_id, upstream_id, due_at)
  select t.id, t.upstream_id, t.next_poll_at ${MINE} and t.next_poll_at is not null`;

/** The timeline of each: opened, accepted, half way, and its end. */
export const INSERT_EVENTS = `
  insert into task_event (task_id, at, version, kind, source, status, progress, detail)
  select t.id, e.at, e.version, e.kind, e.source, e.status, e.progress, e.detail
  from task t cross join lateral (values
      (t.submitted_at, 0, 'opened', 'api', 'NOT_START', 0, jsonb_build_object('upstreamId', t.upstream_id)),
      (case when t.upstream_task_id is not null then t.started_at end, 1, 'accepted', 'sender', 'SUBMITTED', 0, '{}'::jsonb),
      (case when t.status = 'SUCCESS' then t.started_at + (t.finished_at - t.started_at) / 2 end, 2, 'progress', 'poller',
        'IN_PROGRESS', 50, '{}'::jsonb),
      (t.finished_at, t.version, case when t.refused then 'refused' when t.status = 'SUCCESS' then 'succeeded'
        when t.status = 'CANCEL' then 'cancelled' else 'failed' end,
        case when t.refused then 'sender' when t.status = 'CANCEL' then 'api' else 'poller' end, t.status, 100,
        jsonb_strip_nulls(jsonb_build_object('failCode', t.fail_code)))
    ) as e (at, version, kind, source, status, progress, detail)
  where t.request_id = $1 and e.at is not null`;

/** A top-up that covers everything, a hold of each price, a refund of what was not kept. */
export const INSERT_LEDGER = [
  `insert into ledger (at, api_key_id, kind, amount, note)
    select min(t.submitted_at) - interval '1 day', t.api_key_id, 'topup', ceil(sum(t.price)) + 1000, 'seed' ${MINE}
    group by t.api_key_id`,
  `insert into ledger (at, api_key_id, task_id, kind, amount)
    select t.submitted_at, t.api_key_id, t.id, 'hold', -t.price ${MINE} and t.price > 0`,
  `insert into ledger (at, api_key_id, task_id, kind, amount)
    select t.finished_at, t.api_key_id, t.id, 'refund', t.price - t.cost ${MINE} and t.price > t.cost`,
];

/** Hooks of the ends: all taken at once, but a few that were given up. */
export const INSERT_HOOKS = [
  `insert into hook_delivery (task_id, api_key_id, url, host, state, seq, terminal, payload, told_seq, attempts, sent_at,
      last_status, last_error, last_ms, created_at, delivered_at)
    select t.id, t.api_key_id, t.notify_hook, 'hooks.example.com:443', case when dead then 'dead' else 'delivered' end,
      t.version, true, '{"id":"' || t.id || '","action":"' || t.action || '","status":"' || t.status || '","progress":"100%","state":"' || t.state || '"}',
      case when not dead then t.version end, case when dead then 10 else 1 end, t.finished_at + interval '200 ms',
      case when dead then 503 else 200 end, case when dead then 'status_5xx' end, 20 + t.id % 180, t.submitted_at,
      case when not dead then t.finished_at + interval '300 ms' end
    from (select *, id % 199 = 0 as dead from task) t
    where t.request_id = $1 and t.notify_hook is not null and t.finished_at is not null and not t.refused`,
  `insert into hook_attempt (task_id, at, seq, attempt, class, status, ms, answer)
    select d.task_id, d.sent_at + (n - 1) * (n - 1) * interval '9 minutes', d.seq, n,
      case when d.state = 'dead' then 'status_5xx' else 'delivered' end, d.last_status, d.last_ms, ''
    from task t join hook_delivery d on d.task_id = t.id cross join lateral generate_series(1, d.attempts) n
    where t.request_id = $1`,
  `insert into hook_host (api_key_id, host, last_ok_at)
    select distinct d.api_key_id, d.host, now() from task t join hook_delivery d on d.task_id = t.id where t.request_id = $1
    on conflict do nothing`,
];

/** Kept pictures; the files themselves are not made. */
export const INSERT_ASSETS = `
  insert into asset (task_id, kind, n, upstream_id, source_url, state, attempts, next_at, file, content_type, bytes, width,
    height, sha256, kept_at, created_at)
  select t.id, 'image', 0, t.upstream_id, t.image_url, 'kept', 1, null,
    to_char(t.submitted_at at time zone 'utc', 'YYYY/MM/DD') || '/' || t.id || '-0.png', 'image/png',
    1200000 + t.id % 1800000, 2048, 2048, sha256(t.id::text::bytea), t.finished_at + interval '3 seconds', t.finished_at
  ${MINE} and t.image_url is not null`;

/** Calls to upstreams, summed by hour. */
export const INSERT_CALLS = `
  insert into upstream_call (at, upstream_id, operation, result, calls, total_ms, max_ms)
  select date_trunc('hour', t.submitted_at), t.upstream_id, c.operation, c.result, count(*) * c.calls, count(*) * c.calls * 180, 2400
  from task t cross join lateral (values ('submit', case when t.refused then 'refused' else 'accepted' end, 1), ('poll', 'ok', 2))
    as c (operation, result, calls)
  where t.request_id = $1 and t.upstream_id is not null group by 1, 2, 3, 4, c.calls`;
