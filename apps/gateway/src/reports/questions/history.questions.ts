import { BUCKET, FROM_DAY, FROM_MONTH, FROM_WEEK, IN_TIME, KEY, SPAN, TO, UPSTREAM } from './parameters.js';
import type { Question } from './question.js';

/** What happened over a time. */
export const HISTORY_QUESTIONS: readonly Question[] = [
  {
    name: 'throughput',
    group: 'history',
    title: { en: 'Throughput by outcome', zh: '按结果统计吞吐量' },
    description: { en: 'What became of the tasks, by when they were submitted.', zh: '按提交时间统计任务的最终结果。' },
    sql: `select ${SPAN} as bucket, count(*) as submitted,
  count(*) filter (where status = 'SUCCESS') as succeeded, count(*) filter (where status = 'FAILURE') as failed,
  count(*) filter (where status = 'CANCEL') as cancelled, count(*) filter (where status = 'REFUSED') as refused,
  count(*) filter (where not is_terminal) as still_open
from report.tasks
where ${IN_TIME} and api_key = coalesce(:key, api_key) and (:upstream is null or upstream = :upstream)
group by 1 order by 1;`,
    parameters: [FROM_DAY, TO, BUCKET, KEY, UPSTREAM],
    chart: { kind: 'time', x: 'bucket', series: ['succeeded', 'failed', 'cancelled', 'refused', 'still_open'] },
  },
  {
    name: 'waits',
    group: 'history',
    title: { en: 'How long tasks wait and run', zh: '任务等待与运行时长' },
    description: {
      en: 'Median and 95th percentile of the seconds from submit to start and from start to end. Percentiles are never averaged.',
      zh: '从提交到开始、从开始到结束的秒数：中位数与第 95 百分位。百分位数从不取平均。',
    },
    sql: `select ${SPAN} as bucket,
  round((percentile_cont(0.5) within group (order by queue_seconds))::numeric, 3) as queue_p50_seconds,
  round((percentile_cont(0.95) within group (order by queue_seconds))::numeric, 3) as queue_p95_seconds,
  round((percentile_cont(0.5) within group (order by run_seconds))::numeric, 3) as run_p50_seconds,
  round((percentile_cont(0.95) within group (order by run_seconds))::numeric, 3) as run_p95_seconds
from report.tasks
where ${IN_TIME} and api_key = coalesce(:key, api_key) and (:upstream is null or upstream = :upstream)
group by 1 order by 1;`,
    parameters: [FROM_DAY, TO, BUCKET, KEY, UPSTREAM],
    chart: {
      kind: 'time',
      x: 'bucket',
      series: ['queue_p50_seconds', 'queue_p95_seconds', 'run_p50_seconds', 'run_p95_seconds'],
    },
  },
  {
    name: 'yesterday',
    group: 'history',
    title: { en: 'Yesterday at a glance', zh: '昨日概览' },
    description: { en: 'The UTC day before this one.', zh: '上一个 UTC 日的汇总。' },
    sql: `select coalesce(sum(submitted), 0) as submitted, sum(succeeded) as succeeded, sum(failed) as failed, sum(cancelled) as cancelled,
  sum(refused) as refused, sum(still_open) as still_open,
  round(sum(succeeded) / nullif(sum(succeeded + failed), 0), 4) as success_ratio, sum(images) as images, sum(spend) as spend
from report.task_daily where day = (now() at time zone 'UTC')::date - 1;`,
    parameters: [],
    chart: null,
  },
  {
    name: 'worst_hours',
    group: 'history',
    title: { en: 'The worst hours, in local time', zh: '最差的时段（当地时间）' },
    description: { en: '95th percentiles by hour and mode.', zh: '按小时和模式统计的第 95 百分位。' },
    sql: `select bucket at time zone :zone as hour, mode, sum(submitted) as submitted, max(queue_p95_seconds) as worst_queue_p95,
  max(run_p95_seconds) as worst_run_p95
from report.task_window(:from, :to, interval '1 hour', :zone)
group by 1, 2 order by worst_run_p95 desc nulls last limit 10;`,
    parameters: [FROM_WEEK, TO, { name: 'zone', type: 'text', default: "'Europe/Berlin'" }],
    chart: null,
  },
  {
    name: 'promises',
    group: 'history',
    title: { en: 'Did we keep our word?', zh: '我们兑现承诺了吗？' },
    description: {
      en: 'Targets of each mode (PUT /admin/sla) since the beginning of the month.',
      zh: '各模式的目标（PUT /admin/sla），自本月初起。',
    },
    sql: `select mode, target_seconds, target_ratio, sum(measured) as measured,
  round(sum(within_target) / nullif(sum(measured), 0), 4) as attained,
  sum(within_target) / nullif(sum(measured), 0) >= target_ratio as is_kept
from report.sla_daily where day >= date_trunc('month', now() at time zone 'UTC')::date
group by mode, target_seconds, target_ratio order by mode;`,
    parameters: [],
    chart: { kind: 'bars', x: 'mode', series: ['attained', 'target_ratio'] },
  },
  {
    name: 'withheld',
    group: 'history',
    title: { en: 'Pictures moderated away', zh: '被审核屏蔽的图片' },
    description: {
      en: 'Finished tasks of which an upstream withheld some pictures.',
      zh: '部分图片被上游屏蔽的已完成任务。',
    },
    sql: `select day, sum(partial_tasks) as partial_tasks, sum(withheld_pictures) as withheld_pictures
from report.withheld_daily
where day >= (:from at time zone 'UTC')::date and upstream = coalesce(:upstream, upstream) group by day order by day;`,
    parameters: [FROM_MONTH, UPSTREAM],
    chart: { kind: 'time', x: 'day', series: ['withheld_pictures'] },
  },
];
