import { UPSTREAM_LABEL } from './fragments.js';
import type { Report } from './report.js';

const TIME = `'YYYY-MM-DD HH24:MI:SS" UTC"'`;
const utc = (at: string): string => `to_char(${at} at time zone 'UTC', ${TIME})`;

/** What of an event's detail may be shown: never the banned word, which is a piece of the prompt. */
const EVENT_DETAIL = `concat_ws('; ', e.detail ->> 'failCode', e.detail ->> 'fault', e.detail ->> 'why',
        'code ' || (e.detail ->> 'code'), (e.detail ->> 'ahead') || ' ahead', 'task ' || (e.detail ->> 'original'),
        case when (e.detail ->> 'waiting')::boolean then 'waits for a free slot' end)`;

const EVENTS = `
      select e.task_id, e.at, 1 as rank, e.id as place, 'task' as track, e.source as who, e.kind as what, e.status,
        e.progress as progress_pct, null::numeric as credits, ${EVENT_DETAIL} as detail
      from task_event e`;

const LEDGER = `
      select l.task_id, l.at, 2, l.id, 'ledger',
        case when l.kind in ('topup', 'adjust') then 'admin' else 'gateway' end, l.kind, null, null, l.amount, l.note
      from ledger l where l.task_id is not null`;

const HOOK_TRIES = `
      select a.task_id, a.at, 3, a.id, 'hook', d.host, a.class, null, null, null,
        concat_ws('; ', case when a.attempt > 0 then 'try ' || a.attempt else 'a try outside the schedule' end,
          'version ' || a.seq, 'HTTP ' || a.status, a.ms || ' ms')
      from hook_attempt a join hook_delivery d on d.task_id = a.task_id`;

const UPSTREAM_SAID = `
      select t.id, t.polled_at, 4, 0, 'upstream', ${UPSTREAM_LABEL},
        case when t.missing_since is null then 'last answer' else 'no longer lists it' end, t.status, t.progress, null,
        case
          when t.missing_since is not null then 'since ' || ${utc('t.missing_since')}
          when t.finished_at is null then 'nothing new in ' || t.quiet_polls || ' polls' else '' end
      from task t left join upstream u on u.id = t.upstream_id
      where t.polled_at is not null`;

/** What can happen next, the soonest first. Each is null where it cannot. */
const NEXT_TIMES = `values
          (case when t.finished_at is null then t.next_poll_at end, 'next poll'),
          (t.look_up_at, 'next look-up'),
          (case when t.waiting then coalesce(t.wait_until, now()) end, 'sent, once a slot is free'),
          (case when t.status = 'MODAL' and t.confirmed_at is null then t.submitted_at + interval '24 hours' end,
            'window ends'),
          (case when t.finished_at is null then t.deadline_at end, 'deadline'),
          (case when d.state = 'waiting' then d.next_at end,
            case when d.claim_until > now() then 'hook is being sent' else 'next hook try' end)`;

const NEXT = `
      select t.id, soonest.at, 5, 0, 'next', case when soonest.what like '%hook%' then d.host else 'gateway' end,
        coalesce(soonest.what, case when t.finished_at is null then 'follows its original' else 'nothing' end), t.status,
        t.progress, null, coalesce(soonest.later, '')
      from task t left join hook_delivery d on d.task_id = t.id
        left join lateral (
          select min(n.at) as at, (array_agg(n.what order by n.at))[1] as what,
            nullif(array_to_string((array_agg(n.what || ' ' || ${utc('n.at')} order by n.at))[2:], '; '), '') as later
          from (${NEXT_TIMES}) as n (at, what) where n.at is not null) as soonest on true`;

export const TASK_TIMELINE: Report = {
  name: 'task_timeline',
  kind: 'view',
  sql: `
    create view report.task_timeline as
    select task_id, at,
      row_number() over (partition by task_id order by rank = 5, at, rank, place)::integer as position,
      track, who, what, status, progress_pct, credits, detail
    from (${EVENTS}
      union all ${LEDGER}
      union all ${HOOK_TRIES}
      union all ${UPSTREAM_SAID}
      union all ${NEXT}) as line`,
  about:
    'Who did what when to a task, what its upstream last said, and in the last row what happens next. Ask with "where task_id = ... order by position".',
  columns: {
    task_id: 'The task.',
    at: 'When; of the last row: when it is due, null where nothing is.',
    position: 'Order within the task, from 1; the last is track "next".',
    track: 'task: a change; ledger: a move of credits; hook: a try; upstream: its last answer; next: what comes.',
    who: 'api, sender, dispatcher, poller, push, reconciler, admin, clock or gateway; of hooks the receiver, of track "upstream" its name.',
    what: 'Kind of the event, of the move, or how the try went (delivered, timeout, status_5xx, ...); of "next" what is due.',
    status: 'Status after it; null where it says nothing of that.',
    progress_pct: 'Percent after it.',
    credits: 'Credits moved: negative are taken, positive given back.',
    detail: 'More in words; of "next" what is due after that. No prompts, no answers of receivers.',
  },
};
