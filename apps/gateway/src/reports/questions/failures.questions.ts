import { BUCKET, FROM_DAY, FROM_WEEK, IN_TIME, KEY, SPAN, TO, UPSTREAM } from './parameters.js';
import type { Question } from './question.js';

/** What went wrong, and why. */
export const FAILURES_QUESTIONS: readonly Question[] = [
  {
    name: 'failures_by_reason',
    group: 'failures',
    title: { en: 'Failures by reason', zh: '按原因统计失败' },
    description: { en: 'Failed tasks by why they failed.', zh: '按失败原因统计的任务。' },
    sql: `select fail_code, count(*) as failures, count(distinct api_key) as keys, sum(refund_amount) as refunded, max(finished_at) as last_seen_at
from report.tasks
where status = 'FAILURE' and ${IN_TIME} and api_key = coalesce(:key, api_key) and (:upstream is null or upstream = :upstream)
group by fail_code order by failures desc, fail_code;`,
    parameters: [FROM_DAY, TO, KEY, UPSTREAM],
    chart: { kind: 'bars', x: 'fail_code', series: ['failures'] },
  },
  {
    name: 'failures_over_time',
    group: 'failures',
    title: { en: 'Failures over time', zh: '失败随时间变化' },
    description: { en: 'Failed and refused tasks, and the share that succeeds.', zh: '失败与被拒的任务，以及成功率。' },
    sql: `select ${SPAN} as bucket, count(*) filter (where status = 'FAILURE') as failed,
  count(*) filter (where status = 'REFUSED') as refused,
  round(count(*) filter (where is_success)::numeric / nullif(count(*) filter (where status in ('SUCCESS', 'FAILURE')), 0), 4) as success_ratio
from report.tasks where ${IN_TIME} group by 1 order by 1;`,
    parameters: [FROM_DAY, TO, BUCKET],
    chart: { kind: 'time', x: 'bucket', series: ['failed', 'refused'] },
  },
  {
    name: 'why_failed',
    group: 'failures',
    title: { en: 'Why did tasks fail, and what was refunded?', zh: '任务为什么失败，退还了多少？' },
    description: {
      en: 'By reason and upstream, with the words of the last one.',
      zh: '按原因和上游统计，并附最近一次的说明。',
    },
    sql: `select fail_code, upstream, sum(failures) as failures, max(api_keys_affected) as keys, sum(refunded) as refunded,
  max(last_seen_at) as last_seen_at, (array_agg(sample_reason order by last_seen_at desc))[1] as for_example
from report.failure_reasons_daily where day >= (:from at time zone 'UTC')::date
group by fail_code, upstream order by failures desc;`,
    parameters: [FROM_WEEK],
    chart: { kind: 'bars', x: 'fail_code', series: ['failures'] },
  },
];
