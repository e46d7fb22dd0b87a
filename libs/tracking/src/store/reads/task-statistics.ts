import type { FailCode, TaskAction, TaskMode } from '#libs/wire';
import { statement } from '#libs/database';

/** Counts of tasks: `submitted` is the sum of the next five, as in report.task_daily. */
export interface TaskCounts {
  submitted: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  refused: number;
  unfinished: number;
  /** Credits that the tasks cost after refunds, decimal string. */
  kept: string;
}

/** Seconds from submit to SUCCESS; null if no task succeeded. */
export interface TaskSeconds {
  p50Seconds: number | null;
  p95Seconds: number | null;
}

/** Outcomes of the tasks submitted in a period. */
export interface TaskStatisticsReport {
  /** `refunded`: refunded credits, decimal string. */
  total: TaskCounts & TaskSeconds & { waiting: number; refunded: string };
  byAction: (TaskCounts & TaskSeconds & { action: TaskAction; mode: TaskMode })[];
  byUpstream: (TaskCounts & { upstreamId: string })[];
  /** Failures by code, the most frequent first, refused tasks included. */
  failures: { kind: FailCode; count: number }[];
}

/** Counts as in report.task_daily: `submitted` is the sum of the next five. */
const COUNTS = `count(*)::int as submitted,
      count(*) filter (where status = 'SUCCESS')::int as succeeded,
      count(*) filter (where status = 'FAILURE' and not refused)::int as failed,
      count(*) filter (where status = 'CANCEL')::int as cancelled,
      count(*) filter (where refused)::int as refused,
      count(*) filter (where finished_at is null)::int as unfinished,
      coalesce(sum(cost), 0)::text as kept`;

/** SQL of a percentile of the seconds from submit to SUCCESS. */
const SECONDS = (share: number): string =>
  `percentile_cont(${share}) within group (order by extract(epoch from finished_at - submitted_at)) filter (where status = 'SUCCESS')`;

/**
 * Statistics of the tasks submitted from `from` to before `to`, in one row of JSON: totals, by action and mode, by
 * upstream, and failures by code.
 */
export const TASK_STATISTICS = statement<{ from: Date; to: Date }, TaskStatisticsReport>({
  name: 'task_statistics',
  pool: 'http',
  text: `
    with asked as materialized (
      select action, mode, upstream_id, status, refused, waiting, fail_code, price, cost, submitted_at, finished_at
      from task where submitted_at >= :from and submitted_at < :to
    ), total as (
      select ${COUNTS}, count(*) filter (where waiting)::int as waiting, coalesce(sum(price - cost), 0)::text as refunded,
        round(${SECONDS(0.5)}::numeric, 3)::float8 as "p50Seconds", round(${SECONDS(0.95)}::numeric, 3)::float8 as "p95Seconds"
      from asked
    ), by_action as (
      select action, mode, ${COUNTS}, round(${SECONDS(0.5)}::numeric, 3)::float8 as "p50Seconds",
        round(${SECONDS(0.95)}::numeric, 3)::float8 as "p95Seconds"
      from asked group by action, mode order by action, mode
    ), by_upstream as (
      select upstream_id::text as "upstreamId", ${COUNTS} from asked where upstream_id is not null
      group by upstream_id order by upstream_id
    ), failures as (
      select fail_code as kind, count(*)::int as count from asked where status = 'FAILURE'
      group by fail_code order by count(*) desc, fail_code
    )
    select (select to_jsonb(total) from total) as total,
      (select coalesce(jsonb_agg(by_action), '[]') from by_action) as "byAction",
      (select coalesce(jsonb_agg(by_upstream), '[]') from by_upstream) as "byUpstream",
      (select coalesce(jsonb_agg(failures), '[]') from failures) as failures`,
});
