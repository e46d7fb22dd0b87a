import { FROM_WEEK, KEY, TO } from './parameters.js';
import type { Question } from './question.js';

/** What was told to receivers. */
export const HOOKS_QUESTIONS: readonly Question[] = [
  {
    name: 'receivers',
    group: 'hooks',
    title: { en: 'Receivers', zh: '接收方' },
    description: {
      en: 'Everyone who takes hooks: what they took, what waits, what was given up.',
      zh: '所有接收回调的一方：已接收、等待中与已放弃的数量。',
    },
    sql: `select url_host, deliveries_7d, delivered_ratio_7d, pending, dead_7d, last_delivered_at, last_dead_at
from report.hook_hosts order by dead_7d desc, pending desc, url_host;`,
    parameters: [],
    chart: { kind: 'bars', x: 'url_host', series: ['pending', 'dead_7d'] },
  },
  {
    name: 'failing_receivers',
    group: 'hooks',
    title: { en: 'Which receiver should be phoned?', zh: '该联系哪个接收方？' },
    description: { en: 'Receivers that miss hooks.', zh: '漏收回调的接收方。' },
    sql: `select url_host, deliveries_7d, delivered_ratio_7d, dead_7d, pending, last_delivered_at, last_dead_at
from report.hook_hosts
where dead_7d > 0 or delivered_ratio_7d < 0.99 or last_delivered_at is null order by dead_7d desc, pending desc;`,
    parameters: [],
    chart: null,
  },
  {
    name: 'dead_hooks',
    group: 'hooks',
    title: { en: 'Which hooks were given up?', zh: '哪些回调被放弃了？' },
    description: {
      en: 'Newest first; POST /admin/hooks/replay sends them again.',
      zh: '最新的在前；POST /admin/hooks/replay 可重新发送。',
    },
    sql: `select task_id, api_key, url_host, attempts, created_at, last_http_status, last_error
from report.hook_dead_letters order by created_at desc limit 100;`,
    parameters: [],
    chart: null,
  },
  {
    name: 'hook_delays',
    group: 'hooks',
    title: { en: 'How late do hooks come?', zh: '回调晚到多久？' },
    description: { en: 'By UTC day and receiver.', zh: '按 UTC 日与接收方统计。' },
    sql: `select day, url_host, deliveries, delivered_first_try, delivered_ratio, delay_p50_seconds, delay_p95_seconds
from report.hook_daily where day >= (:from at time zone 'UTC')::date and api_key = coalesce(:key, api_key) order by day, url_host;`,
    parameters: [FROM_WEEK, KEY],
    chart: null,
  },
  {
    name: 'hooks_by_day',
    group: 'hooks',
    title: { en: 'Hooks by day', zh: '按日统计回调' },
    description: {
      en: 'What became of the hooks, by the UTC day in which their tasks were submitted.',
      zh: '按任务提交的 UTC 日统计回调的结果。',
    },
    sql: `select day, sum(delivered) as delivered, sum(pending) as pending, sum(dead) as dead, sum(deliveries) as hooks
from report.hook_daily
where day >= (:from at time zone 'UTC')::date and day <= (:to at time zone 'UTC')::date and api_key = coalesce(:key, api_key)
group by day order by day;`,
    parameters: [FROM_WEEK, TO, KEY],
    chart: { kind: 'time', x: 'day', series: ['delivered', 'pending', 'dead'] },
  },
];
