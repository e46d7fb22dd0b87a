import type { Statement } from '#libs/database';

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
    where next_poll_at is not null and deadline_at < now() - $1::bigint * interval '1 ms'
      and coalesce(polled_at, deadline_at) < now() - $1::bigint * interval '1 ms'
    order by deadline_at limit $2`,
};
