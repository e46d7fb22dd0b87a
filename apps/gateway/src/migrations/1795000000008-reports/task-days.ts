import { dayOf, elapsed, NO_UPSTREAM, percentile, ratio } from './fragments.js';
import type { Report } from './report.js';

/** The counts that every sum over report.tasks has. */
const COUNTS = `count(*) as submitted,
      count(*) filter (where t.status = 'SUCCESS') as succeeded,
      count(*) filter (where t.status = 'FAILURE') as failed,
      count(*) filter (where t.status = 'CANCEL') as cancelled,
      count(*) filter (where t.status = 'REFUSED') as refused,
      count(*) filter (where not t.is_terminal) as still_open`;

const UPSTREAM = `coalesce(t.upstream, '${NO_UPSTREAM}')`;

const QUEUE = elapsed('t.submitted_at', 't.started_at');
const RUN = elapsed('t.started_at', 't.finished_at');
const TOTAL = elapsed('t.submitted_at', 't.finished_at');

const DAILY_COLUMNS = {
  day: 'UTC day of submitted_at.',
  action: 'IMAGINE, UPSCALE, VARIATION, ...',
  mode: 'RELAX, FAST or TURBO.',
  upstream: `Name of the upstream; ${NO_UPSTREAM}: none chosen.`,
  api_key: 'Name of the key.',
  submitted: 'Tasks submitted on that day, however they ended: the sum of the next four and of refused.',
  succeeded: 'Of those, ended in SUCCESS, whenever that was.',
  failed: 'Ended in FAILURE; refused ones not counted.',
  cancelled: 'Ended in CANCEL.',
  still_open: 'Not ended yet, windows that wait included.',
  success_ratio: 'succeeded / (succeeded + failed); null of none.',
  queue_p50_seconds: 'Median of the seconds from submit to start.',
  queue_p95_seconds: 'The same, 95th percentile. Percentiles are never averaged: for other spans use task_window.',
  run_p50_seconds: 'Median of the seconds from start to end.',
  run_p95_seconds: 'The same, 95th percentile.',
  total_p95_seconds: '95th percentile of the seconds from submit to end.',
  images: 'Pictures and videos that were kept of them.',
  image_bytes: 'Bytes of those.',
  charged: 'Credits taken for them.',
  refunded: 'Credits given back.',
  spend: 'Credits kept: charged less refunded.',
  refused: 'Declined before any work: not failed, and not charged.',
};

export const TASK_DAILY: Report = {
  name: 'task_daily',
  kind: 'view',
  sql: `
    create view report.task_daily as
    select day, action, mode, upstream, api_key, submitted, succeeded, failed, cancelled, still_open,
      ${ratio('succeeded', 'succeeded + failed')} as success_ratio,
      queue_p50_seconds, queue_p95_seconds, run_p50_seconds, run_p95_seconds, total_p95_seconds,
      images, image_bytes, charged, charged - spend as refunded, spend, refused
    from (
      select ${dayOf('t.submitted_at')} as day, t.action, t.mode, ${UPSTREAM} as upstream, t.api_key,
        ${COUNTS},
        ${percentile(0.5, QUEUE)} as queue_p50_seconds,
        ${percentile(0.95, QUEUE)} as queue_p95_seconds,
        ${percentile(0.5, RUN)} as run_p50_seconds,
        ${percentile(0.95, RUN)} as run_p95_seconds,
        ${percentile(0.95, TOTAL)} as total_p95_seconds,
        sum(t.image_count) as images,
        sum(t.image_bytes)::bigint as image_bytes,
        sum(t.charge_amount) as charged,
        sum(t.net_amount) as spend
      from report.tasks t
      group by ${dayOf('t.submitted_at')}, t.action, t.mode, ${UPSTREAM}, t.api_key) as sums`,
  about:
    'Tasks by UTC day of submission, action, mode, upstream and key: counts, times, pictures, credits. Always exact.',
  columns: DAILY_COLUMNS,
};

export const TASK_DAILY_ROLLUP: Report = {
  name: 'task_daily_rollup',
  kind: 'materialized view',
  sql: `
    create materialized view report.task_daily_rollup as
    select * from report.task_daily where day < (now() at time zone 'UTC')::date;
    create unique index task_daily_rollup_key on report.task_daily_rollup (day, action, mode, upstream, api_key)`,
  about:
    'task_daily of finished days, stored: for long spans. Refreshed each hour, so what happens to older tasks shows up to an hour later.',
  columns: DAILY_COLUMNS,
};

export const TASK_WINDOW_ROW: Report = {
  name: 'task_window_row',
  kind: 'type',
  sql: `
    create type report.task_window_row as (
      bucket timestamptz, action text, mode text, upstream text, submitted bigint, succeeded bigint, failed bigint,
      success_ratio numeric, queue_p50_seconds numeric, queue_p95_seconds numeric, run_p50_seconds numeric,
      run_p95_seconds numeric, spend numeric, refused bigint)`,
  about: 'A row of task_window.',
  columns: {
    bucket: 'When the span begins.',
    action: DAILY_COLUMNS.action,
    mode: DAILY_COLUMNS.mode,
    upstream: DAILY_COLUMNS.upstream,
    submitted: 'Tasks submitted in the span, however they ended.',
    succeeded: DAILY_COLUMNS.succeeded,
    failed: DAILY_COLUMNS.failed,
    success_ratio: DAILY_COLUMNS.success_ratio,
    queue_p50_seconds: DAILY_COLUMNS.queue_p50_seconds,
    queue_p95_seconds: 'The same, 95th percentile, of exactly this span.',
    run_p50_seconds: DAILY_COLUMNS.run_p50_seconds,
    run_p95_seconds: DAILY_COLUMNS.run_p95_seconds,
    spend: DAILY_COLUMNS.spend,
    refused: DAILY_COLUMNS.refused,
  },
};

/**
 * Spans of up to an hour are counted along absolute time from a local midnight, so that the hour that a clock change
 * repeats stays two; longer ones along local time, so that a day is a local day; months are calendar months.
 */
export const TASK_WINDOW = `
    create function report.task_window("from" timestamptz, "to" timestamptz, bucket interval default '1 hour',
      tz text default 'UTC') returns setof report.task_window_row
    language sql stable parallel safe as $function$
      select span, action, mode, upstream, submitted, succeeded, failed, ${ratio('succeeded', 'succeeded + failed')},
        queue_p50_seconds, queue_p95_seconds, run_p50_seconds, run_p95_seconds, spend, refused
      from (
        select
          case
            when extract(year from $3) * 12 + extract(month from $3) > 0 then (
              date_trunc('month', t.submitted_at at time zone $4) - interval '1 month' * mod(
                extract(year from t.submitted_at at time zone $4) * 12
                  + extract(month from t.submitted_at at time zone $4) - 1,
                extract(year from $3) * 12 + extract(month from $3))::integer) at time zone $4
            when $3 <= interval '1 hour' then date_bin($3, t.submitted_at, timestamp '2001-01-01' at time zone $4)
            else date_bin($3, t.submitted_at at time zone $4, timestamp '2001-01-01') at time zone $4
          end as span,
          t.action, t.mode, ${UPSTREAM} as upstream,
          ${COUNTS},
          ${percentile(0.5, QUEUE)} as queue_p50_seconds,
          ${percentile(0.95, QUEUE)} as queue_p95_seconds,
          ${percentile(0.5, RUN)} as run_p50_seconds,
          ${percentile(0.95, RUN)} as run_p95_seconds,
          sum(t.net_amount) as spend
        from report.tasks t
        where t.submitted_at >= $1 and t.submitted_at < $2
        group by 1, 2, 3, 4) as sums
    $function$;
    comment on function report.task_window is
      'Tasks submitted from "from" until before "to", in spans of "bucket" (weeks begin on Monday; months allowed) in time zone "tz", by action, mode and upstream. Percentiles are of exactly those spans.'`;
