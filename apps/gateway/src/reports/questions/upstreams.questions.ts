import { FROM_DAY, FROM_WEEK, IN_TIME, TO, UPSTREAM } from './parameters.js';
import type { Question } from './question.js';

/** The servers that do the work. */
export const UPSTREAMS_QUESTIONS: readonly Question[] = [
  {
    name: 'upstreams_now',
    group: 'upstreams',
    title: { en: 'Upstreams now', zh: '当前上游' },
    description: {
      en: 'State, slots, calls of the last 15 minutes, and the last error.',
      zh: '状态、并发槽、最近 15 分钟的调用，以及最近一次错误。',
    },
    sql: `select upstream, kind, enabled, circuit_state, misconfigured, running, free_slots, max_concurrency, calls_15m, ok_ratio_15m,
  p95_ms_15m, last_ok_at, last_error, last_error_at
from report.upstream_now order by upstream;`,
    parameters: [],
    chart: { kind: 'bars', x: 'upstream', series: ['running', 'free_slots'] },
  },
  {
    name: 'upstream_got_worse',
    group: 'upstreams',
    title: { en: 'Which upstream got worse?', zh: '哪个上游变差了？' },
    description: { en: 'The last 24 hours against the seven days before.', zh: '最近 24 小时与之前七天相比。' },
    sql: `with spans as (
  select coalesce(upstream, '(none)') as upstream, submitted_at > now() - interval '24 hours' as is_recent,
    count(*) filter (where is_success)::numeric / nullif(count(*) filter (where status in ('SUCCESS', 'FAILURE')), 0) as success,
    percentile_cont(0.95) within group (order by run_seconds) as run_p95
  from report.tasks where submitted_at > now() - interval '8 days' group by 1, 2)
select upstream, round(b.success, 4) as success_before, round(a.success, 4) as success_now,
  round((a.success - b.success) * 100, 2) as points, round(b.run_p95::numeric) as p95_before, round(a.run_p95::numeric) as p95_now
from spans a left join (select * from spans where not is_recent) b using (upstream)
where a.is_recent order by points nulls last;`,
    parameters: [],
    chart: { kind: 'bars', x: 'upstream', series: ['success_before', 'success_now'] },
  },
  {
    name: 'upstream_calls',
    group: 'upstreams',
    title: { en: 'Calls to upstreams by day', zh: '按日统计上游调用' },
    description: { en: 'How many, how they went, how long they took.', zh: '调用次数、结果与耗时。' },
    sql: `select day, upstream, operation, calls, ok_ratio, timeouts, http_errors, throttled, p95_ms
from report.upstream_daily
where day >= (:from at time zone 'UTC')::date and upstream = coalesce(:upstream, upstream) order by upstream, operation, day;`,
    parameters: [FROM_WEEK, UPSTREAM],
    chart: null,
  },
  {
    name: 'upstream_outcomes',
    group: 'upstreams',
    title: { en: 'Outcomes by upstream', zh: '按上游统计结果' },
    description: {
      en: 'Tasks of each upstream over the time, and how long they ran.',
      zh: '时段内各上游的任务结果与运行时长。',
    },
    sql: `select coalesce(upstream, '(none)') as upstream, count(*) as submitted, count(*) filter (where is_success) as succeeded,
  count(*) filter (where status = 'FAILURE') as failed,
  round((percentile_cont(0.95) within group (order by run_seconds))::numeric, 3) as run_p95_seconds
from report.tasks where ${IN_TIME} group by 1 order by 1;`,
    parameters: [FROM_DAY, TO],
    chart: { kind: 'bars', x: 'upstream', series: ['succeeded', 'failed'] },
  },
];
