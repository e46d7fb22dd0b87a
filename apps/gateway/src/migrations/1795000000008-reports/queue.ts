import { KEYS, NO_UPSTREAM, UPSTREAM_LABEL } from './fragments.js';
import type { Report } from './report.js';
import { LAST_PROGRESS } from './tasks.js';

/** Silence after which an unfinished task is worth a look: no poll is further apart than a minute. */
const SILENCE = `interval '10 minutes'`;

/** When something was last heard of `task t`, from its upstream or at all. */
const HEARD = `greatest(coalesce(${LAST_PROGRESS}, t.submitted_at), t.polled_at)`;

export const QUEUE_NOW: Report = {
  name: 'queue_now',
  kind: 'view',
  sql: `
    create view report.queue_now as
    select status, mode, upstream, count(*) as tasks,
      round(max(extract(epoch from now() - submitted_at)), 3) as oldest_age_seconds,
      round(max(extract(epoch from now() - heard_at)), 3) as longest_silence_seconds,
      count(*) filter (where deadline_at < now()) as past_deadline
    from (
      select t.status, t.mode, coalesce(${UPSTREAM_LABEL}, '${NO_UPSTREAM}') as upstream, t.submitted_at, t.deadline_at,
        ${HEARD} as heard_at
      from task t left join upstream u on u.id = t.upstream_id
      where t.finished_at is null) as unfinished
    group by status, mode, upstream`,
  about: 'Unfinished tasks now, by status, mode and upstream.',
  columns: {
    status: 'NOT_START, MODAL (a window waits for its client), SUBMITTED or IN_PROGRESS.',
    mode: 'RELAX, FAST or TURBO.',
    upstream: `Name of the upstream; ${NO_UPSTREAM}: it waits for one.`,
    tasks: 'How many.',
    oldest_age_seconds: 'Seconds since the oldest was submitted.',
    longest_silence_seconds: 'Seconds since the quietest was last heard of.',
    past_deadline: 'How many should have ended by now.',
  },
};

export const STUCK_TASKS: Report = {
  name: 'stuck_tasks',
  kind: 'view',
  sql: `
    create view report.stuck_tasks as
    select task_id, status, action, mode, api_key, upstream, progress_pct, submitted_at, last_progress_at, deadline_at,
      round(extract(epoch from now() - heard_at), 3) as silent_seconds,
      case
        when deadline_at < now() then 'past its deadline'
        when missing_since is not null then 'its upstream no longer lists it'
        when waiting then 'waits for a free slot'
        when alias_of is not null then 'follows another task'
        when look_up_at is not null then 'not known whether an upstream took it'
        else 'its upstream does not answer' end as why
    from (
      select t.id as task_id, t.status, t.action, t.mode, k.label as api_key, ${UPSTREAM_LABEL} as upstream,
        t.progress as progress_pct, t.submitted_at, coalesce(${LAST_PROGRESS}, t.submitted_at) as last_progress_at,
        t.deadline_at, t.missing_since, t.waiting, t.alias_of, t.look_up_at, ${HEARD} as heard_at
      from task t join ${KEYS} k on k.id = t.api_key_id left join upstream u on u.id = t.upstream_id
      where t.finished_at is null and t.status <> 'MODAL') as unfinished
    where deadline_at < now() or missing_since is not null or heard_at < now() - ${SILENCE}`,
  about:
    'Unfinished tasks that are past their deadline, missing at their upstream, or silent for more than 10 minutes. Windows that wait for their client are not stuck.',
  columns: {
    task_id: 'The task.',
    status: 'NOT_START, SUBMITTED or IN_PROGRESS.',
    action: 'IMAGINE, UPSCALE, VARIATION, ...',
    mode: 'RELAX, FAST or TURBO.',
    api_key: 'Name of the key.',
    upstream: 'Name of the upstream; null: none yet.',
    progress_pct: 'Percent.',
    submitted_at: 'When it was opened.',
    last_progress_at: 'When it last moved on.',
    deadline_at: 'When it ends in timeout; outages move it on. Null: not with an upstream yet.',
    silent_seconds: 'Seconds since it moved on or its upstream last answered about it.',
    why: 'Why it is here, in words. What happens next: the last row of task_timeline.',
  },
};
