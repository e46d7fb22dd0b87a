import type { Statement } from '#libs/database';

/** Whether any task waits, now or for later. */
export const WAITING = 'exists (select from task where waiting)';

/** What has waited too long: $1 longest wait in ms. */
export const OVERDUE_WAITING: Statement = {
  name: 'task_overdue_waiting',
  pool: 'work',
  text: `select * from task where waiting and submitted_at < now() - $1::bigint * interval '1 ms'
    order by submitted_at limit 100`,
};

/** Windows that nobody confirmed: $1 how long they may wait, ms · $2 most. */
export const OVERDUE_MODALS: Statement = {
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
export const OVERDUE_UNHEARD: Statement = {
  name: 'task_unheard',
  pool: 'work',
  text: `select * from task
    where finished_at is null and next_poll_at is not null and deadline_at < now() - $1::bigint * interval '1 ms'
      and coalesce(polled_at, deadline_at) < now() - $1::bigint * interval '1 ms'
    order by deadline_at limit $2`,
};
