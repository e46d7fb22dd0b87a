import { FROM_WEEK, IN_TIME, KEY, TASK, TO, UPSTREAM, count, wanted } from './parameters.js';
import type { Question } from './question.js';

/** One task, or the tasks of a filter. */
export const TASKS_QUESTIONS: readonly Question[] = [
  {
    name: 'task',
    group: 'tasks',
    title: { en: 'A task', zh: '单个任务' },
    description: { en: 'Its row, whatever it has come to.', zh: '任务本身的记录，无论进行到哪一步。' },
    sql: `select * from report.tasks where task_id = :task;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'task_timeline',
    group: 'tasks',
    title: { en: 'Why did this one fail, and who did what when?', zh: '这个任务为什么失败，谁在何时做了什么？' },
    description: { en: 'The last row is what happens next.', zh: '最后一行是接下来会发生的事。' },
    sql: `select position, at, track, who, what, status, progress_pct, credits, detail
from report.task_timeline where task_id = :task order by position;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'task_ledger',
    group: 'tasks',
    title: { en: 'Credits of a task', zh: '任务的积分明细' },
    description: { en: 'What was taken for it and given back.', zh: '为其扣除和退还的积分。' },
    sql: `select at, what, credits, sum(credits) over (order by position) as balance, detail
from report.task_timeline where task_id = :task and track = 'ledger' order by position;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'task_upstream',
    group: 'tasks',
    title: { en: 'What upstreams did with a task', zh: '上游如何处理任务' },
    description: {
      en: 'Sends, answers and polls that moved it, and what its upstream last said.',
      zh: '推动任务的发送、应答与轮询，以及上游最后一次的答复。',
    },
    sql: `select at, who, what, status, progress_pct, detail
from report.task_timeline
where task_id = :task and (track = 'upstream' or (track = 'task' and who in ('sender', 'dispatcher', 'poller', 'push', 'reconciler')))
order by position;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'task_hooks',
    group: 'tasks',
    title: { en: 'Hook attempts of a task', zh: '任务的回调尝试' },
    description: { en: 'Each try to tell its receiver, and how it went.', zh: '每一次通知接收方的尝试及其结果。' },
    sql: `select at, who as receiver, what as result, detail
from report.task_timeline where task_id = :task and track = 'hook' order by position;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'family',
    group: 'tasks',
    title: { en: 'The family tree of a picture', zh: '图片的家族树' },
    description: {
      en: 'A task with its root and everything that was made of it.',
      zh: '任务及其源头，以及由此衍生的一切。',
    },
    sql: `with recursive family as (
  select task_id, parent_task_id, 0 as depth, array[task_id] as line from report.tasks
  where task_id = (select root_task_id from report.tasks where task_id = :task)
  union all
  select t.task_id, t.parent_task_id, f.depth + 1, f.line || t.task_id
  from family f join report.tasks t on t.parent_task_id = f.task_id)
select repeat('  ', f.depth) || t.action as what, t.task_id, t.status, t.submitted_at, t.net_amount
from family f join report.tasks t using (task_id) order by f.line;`,
    parameters: [TASK],
    chart: null,
  },
  {
    name: 'task_count',
    group: 'tasks',
    title: { en: 'How many tasks are there of a kind?', zh: '某一类任务有多少？' },
    description: { en: 'Counts the tasks of a filter.', zh: '统计符合筛选条件的任务。' },
    sql: `select count(*) as tasks, sum(net_amount) as spend from report.tasks
where ${IN_TIME} and (:status is null or status = :status) and (:action is null or action = :action)
  and (:mode is null or mode = :mode) and (:key is null or api_key = :key)
  and (:upstream is null or upstream = :upstream) and (:fail_code is null or fail_code = :fail_code);`,
    parameters: [FROM_WEEK, TO, wanted('status'), wanted('action'), wanted('mode'), KEY, UPSTREAM, wanted('fail_code')],
    chart: null,
  },
  {
    name: 'task_list',
    group: 'tasks',
    title: { en: 'Tasks of a kind', zh: '某一类任务' },
    description: { en: 'The newest tasks of a filter.', zh: '符合筛选条件的最新任务。' },
    sql: `select task_id, submitted_at, api_key, action, mode, status, progress_pct, upstream, queue_seconds, run_seconds, net_amount, fail_code
from report.tasks
where ${IN_TIME} and (:status is null or status = :status) and (:action is null or action = :action)
  and (:mode is null or mode = :mode) and (:key is null or api_key = :key)
  and (:upstream is null or upstream = :upstream) and (:fail_code is null or fail_code = :fail_code)
order by submitted_at desc, task_id desc limit :rows;`,
    parameters: [
      FROM_WEEK,
      TO,
      wanted('status'),
      wanted('action'),
      wanted('mode'),
      KEY,
      UPSTREAM,
      wanted('fail_code'),
      count('rows', 100),
    ],
    chart: null,
  },
];
