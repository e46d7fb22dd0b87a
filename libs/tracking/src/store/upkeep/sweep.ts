import type { Statement } from '#libs/database';
import { endPolls, schedulePolls } from '../fragments/polls.js';

/** Forgets Idempotency-Keys and their answers: $1 how long they are kept, ms · $2 most. */
export const FORGET_KEYS: Statement = {
  name: 'task_forget_keys',
  pool: 'work',
  text: `
    with old as (
      select id from task where idem_key is not null and submitted_at < now() - $1::bigint * interval '1 ms'
      order by submitted_at limit $2 for no key update skip locked)
    update task t set idem_key = null, idem_route = null, idem_print = null, answer = null
    from old where t.id = old.id returning t.id`,
};

/** Windows that nobody confirmed: $1 how long they may wait, ms · $2 most. */
export const OVERDUE_WINDOWS: Statement = {
  name: 'task_overdue_windows',
  pool: 'work',
  text: `select * from task
    where status = 'MODAL' and confirmed_at is null and submitted_at < now() - $1::bigint * interval '1 ms'
    order by submitted_at limit $2`,
};

/**
 * Followed tasks past their time of which nothing was heard any more: $1 for how long, ms · $2 most. An outage does not
 * use up a task's time, but one that does not end must not hold it for ever. Reads the unfinished tasks only.
 */
export const UNHEARD: Statement = {
  name: 'task_unheard',
  pool: 'work',
  text: `select * from task
    where finished_at is null and next_poll_at is not null and deadline_at < now() - $1::bigint * interval '1 ms'
      and coalesce(polled_at, deadline_at) < now() - $1::bigint * interval '1 ms'
    order by deadline_at limit $2`,
};

/**
 * Makes task_poll agree with what is to be polled, where something else than our statements wrote: a gateway of an older
 * version that still runs, or a hand. What is polled no more is claimed in vain, for half a minute at a time. Reads the
 * unfinished tasks, and what is polled.
 */
export const MEND_POLLS: Statement = {
  name: 'task_mend_polls',
  pool: 'work',
  text: `
    with unpolled as (
      select id, upstream_id, next_poll_at from task t
      where finished_at is null and next_poll_at < now() and upstream_id is not null and upstream_task_id is not null
        and not exists (select from task_poll p where p.task_id = t.id)
    ), over as (
      select t.id, t.next_poll_at from task_poll p join task t on t.id = p.task_id
      where p.due_at <= now() + interval '2 minutes' and t.next_poll_at is null
    ), mended as (
      ${schedulePolls('unpolled')} returning task_id
    ), ended as (
      ${endPolls('over')} returning task_id
    )
    select task_id from mended union all select task_id from ended`,
};
