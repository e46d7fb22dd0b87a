import { BUCKET, FROM_DAY, FROM_MONTH, IN_TIME, KEY, SPAN, TO, UPSTREAM } from './parameters.js';
import type { Question } from './question.js';

/** What was charged, given back and kept, and by whom. */
export const MONEY_QUESTIONS: readonly Question[] = [
  {
    name: 'spend',
    group: 'money',
    title: { en: 'Spend over time', zh: '消费随时间变化' },
    description: { en: 'Credits kept for the tasks submitted in each span.', zh: '每个时段提交的任务所保留的积分。' },
    sql: `select ${SPAN} as bucket, sum(charge_amount) as charged, sum(refund_amount) as refunded, sum(net_amount) as spend
from report.tasks
where ${IN_TIME} and api_key = coalesce(:key, api_key) and (:upstream is null or upstream = :upstream)
group by 1 order by 1;`,
    parameters: [FROM_DAY, TO, BUCKET, KEY, UPSTREAM],
    chart: { kind: 'time', x: 'bucket', series: ['spend', 'refunded'] },
  },
  {
    name: 'spend_by_key',
    group: 'money',
    title: { en: 'Spend by key', zh: '按密钥统计消费' },
    description: { en: 'Who spends most, over any time.', zh: '任意时段内谁消费最多。' },
    sql: `select api_key, count(*) as tasks, sum(charge_amount) as charged, sum(refund_amount) as refunded, sum(net_amount) as spend
from report.tasks where ${IN_TIME} group by api_key order by spend desc, api_key limit 100;`,
    parameters: [FROM_MONTH, TO],
    chart: { kind: 'bars', x: 'api_key', series: ['spend'] },
  },
  {
    name: 'spend_this_month',
    group: 'money',
    title: {
      en: 'Who spends most this month, and how near to the limit is each?',
      zh: '本月谁消费最多，各自离上限还有多远？',
    },
    description: { en: 'Keys with their monthly limits.', zh: '各密钥及其月度上限。' },
    sql: `select api_key, sum(spend) as spend, max(monthly_spend_limit) as spend_limit,
  round(sum(spend) / max(monthly_spend_limit), 4) as used
from report.spend_monthly where month = date_trunc('month', now() at time zone 'UTC')::date
group by api_key order by spend desc limit 20;`,
    parameters: [],
    chart: { kind: 'bars', x: 'api_key', series: ['spend'] },
  },
  {
    name: 'spend_by_month',
    group: 'money',
    title: { en: 'Spend by month', zh: '按月统计消费' },
    description: { en: 'From the stored days and today.', zh: '来自已存储的各日以及今天。' },
    sql: `with days as (
  select day, api_key, spend from report.task_daily_rollup
  union all
  select day, api_key, spend from report.task_daily
  where day > (select coalesce(max(day), '-infinity') from report.task_daily_rollup))
select date_trunc('month', day)::date as month, api_key, sum(spend) as spend
from days where api_key = coalesce(:key, api_key) group by 1, 2 order by 1 desc, 3 desc;`,
    parameters: [KEY],
    chart: null,
  },
  {
    name: 'key_usage',
    group: 'money',
    title: { en: 'Usage of keys by day', zh: '密钥每日用量' },
    description: { en: 'What each key did and spent, day by day.', zh: '每个密钥每天做了什么、花了多少。' },
    sql: `select day, api_key, submitted, succeeded, failed, refused, charged, refunded, spend, daily_task_limit, daily_limit_used_ratio
from report.api_key_daily
where day >= (:from at time zone 'UTC')::date and day <= (:to at time zone 'UTC')::date and api_key = coalesce(:key, api_key)
order by day, api_key;`,
    parameters: [FROM_MONTH, TO, KEY],
    chart: { kind: 'time', x: 'day', series: ['submitted', 'spend'] },
  },
  {
    name: 'key_totals',
    group: 'money',
    title: { en: 'Totals of a key', zh: '密钥合计' },
    description: {
      en: 'Tasks and credits of each key over the time, and when it last came.',
      zh: '时段内各密钥的任务与积分，以及最近一次使用时间。',
    },
    sql: `select api_key, count(*) as submitted, count(*) filter (where is_success) as succeeded,
  count(*) filter (where status = 'FAILURE') as failed, count(*) filter (where not is_terminal) as still_open,
  sum(net_amount) as spend, max(submitted_at) as last_submitted_at
from report.tasks where ${IN_TIME} and api_key = coalesce(:key, api_key) group by api_key order by api_key;`,
    parameters: [FROM_MONTH, TO, KEY],
    chart: { kind: 'bars', x: 'api_key', series: ['submitted'] },
  },
  {
    name: 'given_back',
    group: 'money',
    title: { en: 'What was given back, task by task?', zh: '逐个任务看退还了什么？' },
    description: { en: 'Newest first.', zh: '最新的在前。' },
    sql: `select submitted_at, task_id, api_key, status, fail_code, charge_amount, refund_amount, fail_reason
from report.tasks where ${IN_TIME} and refund_amount > 0 order by submitted_at desc limit 100;`,
    parameters: [FROM_DAY, TO],
    chart: null,
  },
  {
    name: 'kept_charges',
    group: 'money',
    title: { en: 'Failed tasks that kept a charge', zh: '失败却仍被扣费的任务' },
    description: { en: 'There should be none, so put an alarm on it.', zh: '应当一个都没有，建议为此设置告警。' },
    sql: `select count(*) as tasks, coalesce(sum(net_amount), 0) as credits
from report.tasks
where status in ('FAILURE', 'REFUSED') and net_amount > 0 and ${IN_TIME};`,
    parameters: [FROM_MONTH, TO],
    chart: null,
  },
];
