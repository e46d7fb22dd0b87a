import { dayOf, elapsed, KEYS, percentile, ratio } from './fragments.js';
import type { Report } from './report.js';

/** Where `hook_delivery d` has come to. Only the end of a task counts as delivered; before it, the end is still to come. */
const IS_DELIVERED = `(d.terminal and d.state = 'delivered')`;
const IS_DEAD = `(d.state = 'dead')`;
const IS_CANCELLED = `(d.state = 'cancelled')`;
const IS_PENDING = `(not ${IS_DELIVERED} and d.state not in ('dead', 'cancelled'))`;

export const HOOK_DAILY: Report = {
  name: 'hook_daily',
  kind: 'view',
  sql: `
    create view report.hook_daily as
    select day, url_host, api_key, deliveries, delivered, delivered_first_try, dead, pending,
      ${ratio('delivered', 'delivered + dead')} as delivered_ratio, attempts, delay_p50_seconds, delay_p95_seconds,
      cancelled
    from (
      select ${dayOf('t.submitted_at')} as day, d.host as url_host, k.label as api_key,
        count(*) as deliveries,
        count(*) filter (where ${IS_DELIVERED}) as delivered,
        count(*) filter (where ${IS_DELIVERED} and tries.of_end = 1) as delivered_first_try,
        count(*) filter (where ${IS_DEAD}) as dead,
        count(*) filter (where ${IS_PENDING}) as pending,
        count(*) filter (where ${IS_CANCELLED}) as cancelled,
        sum(tries.made)::bigint as attempts,
        ${percentile(0.5, 'tries.delay')} as delay_p50_seconds,
        ${percentile(0.95, 'tries.delay')} as delay_p95_seconds
      from task t
        join hook_delivery d on d.task_id = t.id
        join ${KEYS} k on k.id = d.api_key_id
        cross join lateral (
          select count(*) as made, count(*) filter (where a.seq = d.seq) as of_end,
            case when ${IS_DELIVERED} then ${elapsed('t.finished_at', 'd.delivered_at')} end as delay
          from hook_attempt a where a.task_id = d.task_id) tries
      group by ${dayOf('t.submitted_at')}, d.host, k.label) as sums`,
  about:
    'Hooks by UTC day of the submission of their tasks, receiver and key. One delivery is one task: telling its end is what counts.',
  columns: {
    day: "UTC day of the task's submitted_at.",
    url_host: 'Host and port of the receiver; paths are in no view.',
    api_key: 'Name of the key.',
    deliveries: 'Tasks with a hook: the sum of delivered, dead, pending and cancelled.',
    delivered: 'The receiver took the end of the task with a 2xx.',
    delivered_first_try: 'Of those, at the first try.',
    dead: 'All tries of the end are used up.',
    pending: 'The end is still to come, or to be told.',
    delivered_ratio: 'delivered / (delivered + dead); null of none.',
    attempts: 'Tries made, for events before the end too.',
    delay_p50_seconds: "Median of the seconds from the task's end to the receiver's 2xx.",
    delay_p95_seconds: 'The same, 95th percentile.',
    cancelled: 'The receiver answered 410: it wants no more.',
  },
};

export const HOOK_HOSTS: Report = {
  name: 'hook_hosts',
  kind: 'view',
  sql: `
    create view report.hook_hosts as
    with week as (
      select d.host, count(*) as deliveries, count(*) filter (where ${IS_DELIVERED}) as delivered,
        count(*) filter (where ${IS_DEAD}) as dead, max(d.delivered_at) as last_delivered_at
      from task t join hook_delivery d on d.task_id = t.id
      where t.submitted_at > now() - interval '7 days'
      group by d.host
    ), due as (
      select host, count(*) as pending from hook_delivery where state = 'waiting' group by host
    ), lost as (
      select host, max(sent_at) as last_dead_at from hook_delivery where state = 'dead' group by host
    ), known as (
      select host, max(last_ok_at) as last_ok_at from hook_host group by host
    )
    select host as url_host, coalesce(week.deliveries, 0) as deliveries_7d,
      ${ratio('week.delivered', 'week.delivered + week.dead')} as delivered_ratio_7d,
      coalesce(due.pending, 0) as pending, coalesce(week.dead, 0) as dead_7d,
      greatest(known.last_ok_at, week.last_delivered_at) as last_delivered_at, lost.last_dead_at
    from week full join due using (host) full join lost using (host) full join known using (host)`,
  about:
    'Receivers with a hook in the last seven days (of tasks submitted then), with one that waits or was given up, or that ever failed.',
  columns: {
    url_host: 'Host and port of the receiver.',
    deliveries_7d: 'Tasks with a hook to it.',
    delivered_ratio_7d: 'delivered / (delivered + dead) of those; null of none.',
    pending: 'Deliveries that wait to be sent now, of any age.',
    dead_7d: 'Deliveries of those whose tries are used up.',
    last_delivered_at: 'When it last took a hook, to about a minute; null: never, or not for seven days.',
    last_dead_at: 'When a delivery to it was last given up; null: never.',
  },
};

export const HOOK_DEAD_LETTERS: Report = {
  name: 'hook_dead_letters',
  kind: 'view',
  sql: `
    create view report.hook_dead_letters as
    select d.task_id as delivery_id, d.task_id, k.label as api_key, d.host as url_host, d.seq as event_seq, d.attempts,
      d.created_at, d.last_status as last_http_status, d.last_error
    from hook_delivery d join ${KEYS} k on k.id = d.api_key_id
    where d.state = 'dead'`,
  about: 'Hooks that were given up. Sent again by POST /admin/hooks/{id}/resend or /admin/hooks/replay.',
  columns: {
    delivery_id: 'The delivery; the id of its task, for there is one per task.',
    task_id: 'The task whose end could not be told.',
    api_key: 'Name of the key.',
    url_host: 'Host and port of the receiver.',
    event_seq: 'Version of the task that was to be told.',
    attempts: 'Scheduled tries.',
    created_at: 'When the first event of the task was put here.',
    last_http_status: 'What the receiver last answered; null: nothing.',
    last_error: 'Class of the last failure.',
  },
};
