import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Whether any task waits, now or for later. */
export const WAITING = 'exists (select from task where waiting)';

/** What has waited too long. */
export const OVERDUE_WAITING = statement<{ longestMs: number }, EntityRow<Task>>({
  name: 'task_overdue_waiting',
  pool: 'work',
  text: `select * from task where waiting and submitted_at < now() - :longestMs::bigint * interval '1 ms'
    order by submitted_at limit 100`,
});

/** Windows that nobody confirmed. */
export const OVERDUE_MODALS = statement<{ longestMs: number; limit: number }, EntityRow<Task>>({
  name: 'task_overdue_windows',
  pool: 'work',
  text: `select * from task
    where status = 'MODAL' and confirmed_at is null and submitted_at < now() - :longestMs::bigint * interval '1 ms'
    order by submitted_at limit :limit`,
});

/**
 * Followed tasks past their time of which nothing was heard any more for `silentMs`. An outage does not
 * use up a task's time, but one that does not end must not hold it for ever. Reads the unfinished tasks only.
 */
export const OVERDUE_UNHEARD = statement<{ silentMs: number; limit: number }, EntityRow<Task>>({
  name: 'task_unheard',
  pool: 'work',
  text: `select * from task
    where finished_at is null and next_poll_at is not null and deadline_at < now() - :silentMs::bigint * interval '1 ms'
      and coalesce(polled_at, deadline_at) < now() - :silentMs::bigint * interval '1 ms'
    order by deadline_at limit :limit`,
});
