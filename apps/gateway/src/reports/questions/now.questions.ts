import { FROM_DAY } from './parameters.js';
import type { Question } from './question.js';

/** What is in the house at this moment. */
export const NOW_QUESTIONS: readonly Question[] = [
  {
    name: 'now',
    group: 'now',
    title: { en: 'Now at a glance', zh: '当前概览' },
    description: {
      en: 'Open and waiting tasks, the last hour, and hooks that are still to be told.',
      zh: '未完成和等待中的任务、最近一小时的结果，以及尚未送达的回调。',
    },
    sql: `with queue as (
  select coalesce(sum(tasks), 0) as open_tasks, coalesce(sum(tasks) filter (where status = 'NOT_START'), 0) as waiting,
    max(oldest_age_seconds) filter (where status = 'NOT_START') as oldest_wait_seconds
  from report.queue_now),
last_hour as (
  select count(*) as submitted_1h, count(*) filter (where status = 'SUCCESS') as succeeded_1h,
    count(*) filter (where status = 'FAILURE') as failed_1h,
    round(count(*) filter (where status = 'SUCCESS')::numeric
      / nullif(count(*) filter (where status in ('SUCCESS', 'FAILURE')), 0), 4) as success_ratio_1h
  from report.tasks where submitted_at >= now() - interval '1 hour')
select queue.*, last_hour.*, hooks.pending as hooks_pending, hooks.overdue_seconds as hooks_overdue_seconds, hooks.dead as hooks_dead
from queue cross join last_hour cross join report.hooks_now hooks;`,
    parameters: [],
    chart: null,
  },
  {
    name: 'open_by_status',
    group: 'now',
    title: { en: 'Open tasks by status', zh: '按状态统计未完成任务' },
    description: { en: 'How far the unfinished tasks have come.', zh: '未完成任务目前进行到哪一步。' },
    sql: `select status, sum(tasks) as tasks, max(oldest_age_seconds) as oldest_age_seconds, sum(past_deadline) as past_deadline
from report.queue_now group by status order by status;`,
    parameters: [],
    chart: { kind: 'bars', x: 'status', series: ['tasks'] },
  },
  {
    name: 'waiting_by_mode',
    group: 'now',
    title: { en: 'Waiting tasks by mode', zh: '按模式统计等待任务' },
    description: {
      en: 'Tasks that no upstream has begun, and how old the oldest is.',
      zh: '尚无上游开始处理的任务，以及其中最久的等待时间。',
    },
    sql: `select mode, sum(tasks) as tasks, max(oldest_age_seconds) as oldest_wait_seconds
from report.queue_now where status = 'NOT_START' group by mode order by mode;`,
    parameters: [],
    chart: { kind: 'bars', x: 'mode', series: ['tasks'] },
  },
  {
    name: 'queue_now',
    group: 'now',
    title: { en: 'What is in the house now, and where?', zh: '现在有哪些任务，在哪里？' },
    description: {
      en: 'Unfinished tasks by status, mode and upstream.',
      zh: '按状态、模式和上游统计未完成任务。',
    },
    sql: 'select * from report.queue_now order by status, mode, upstream;',
    parameters: [],
    chart: null,
  },
  {
    name: 'stuck_tasks',
    group: 'now',
    title: { en: 'What is stuck, why, and what happens next?', zh: '哪些任务卡住了，为什么，接下来会怎样？' },
    description: {
      en: 'Tasks past their deadline, missing at their upstream, or silent for ten minutes.',
      zh: '超过期限、上游已找不到，或十分钟没有动静的任务。',
    },
    sql: `select s.task_id, s.status, s.api_key, s.upstream, s.why, round(s.silent_seconds / 60) as silent_minutes,
  n.what as next, n.at as next_at
from report.stuck_tasks s
  cross join lateral (
    select what, at from report.task_timeline where task_id = s.task_id order by position desc limit 1) n
order by s.silent_seconds desc;`,
    parameters: [],
    chart: null,
  },
  {
    name: 'hooks_now',
    group: 'now',
    title: { en: 'Hooks now', zh: '当前回调' },
    description: {
      en: 'Hooks that wait to be sent, how overdue the most overdue is, and those that were given up.',
      zh: '等待发送的回调、最久的逾期时间，以及已放弃的回调。',
    },
    sql: 'select pending, overdue_seconds, dead from report.hooks_now;',
    parameters: [],
    chart: null,
  },
  {
    name: 'near_a_limit',
    group: 'now',
    title: { en: 'Who is near a limit today?', zh: '今天谁接近上限？' },
    description: {
      en: 'Keys that have used four fifths of their tasks of the day.',
      zh: '当天任务额度已用掉八成以上的密钥。',
    },
    sql: `select api_key, submitted - refused as tasks, daily_task_limit, daily_limit_used_ratio
from report.api_key_daily
where day = (now() at time zone 'UTC')::date and daily_limit_used_ratio >= 0.8 and key_status = 'active'
order by daily_limit_used_ratio desc;`,
    parameters: [],
    chart: { kind: 'bars', x: 'api_key', series: ['daily_limit_used_ratio'] },
  },
  {
    name: 'newest_failures',
    group: 'now',
    title: { en: 'Newest failures', zh: '最近的失败' },
    description: { en: 'The last tasks that failed, newest first.', zh: '最近失败的任务，最新的在前。' },
    sql: `select finished_at, task_id, api_key, upstream, action, mode, fail_code, fail_reason, refund_amount
from report.tasks where status = 'FAILURE' and submitted_at >= :from order by finished_at desc limit 100;`,
    parameters: [FROM_DAY],
    chart: null,
  },
];
