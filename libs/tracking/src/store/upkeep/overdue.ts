import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Due probe: whether any task waits, now or for later. */
export const WAITING = 'exists (select from task where waiting)';

/** Finds tasks that have waited too long. */
export const OVERDUE_WAITING = statement<{ longestMs: number }, EntityRow<Task>>({
  name: 'task_overdue_waiting',
  pool: 'work',
  text: `select * from task where waiting and submitted_at < now() - :longestMs::bigint * interval '1 ms'
    order by submitted_at limit 100`,
});

/** Finds modals that were not confirmed in time. */
export const OVERDUE_MODALS = statement<{ longestMs: number; limit: number }, EntityRow<Task>>({
  name: 'task_overdue_windows',
  pool: 'work',
  text: `select * from task
    where status = 'MODAL' and confirmed_at is null and submitted_at < now() - :longestMs::bigint * interval '1 ms'
    order by submitted_at limit :limit`,
});

/**
 * Finds followed tasks past their deadline whose upstream has been silent for `silentMs`. An outage does not use up a
 * task's time, but an outage without end must not hold a task for ever. Reads the unfinished tasks only.
 */
export const OVERDUE_UNHEARD = statement<{ silentMs: number; limit: number }, EntityRow<Task>>({
  name: 'task_unheard',
  pool: 'work',
  text: `select * from task
    where finished_at is null and next_poll_at is not null and deadline_at < now() - :silentMs::bigint * interval '1 ms'
      and coalesce(polled_at, deadline_at) < now() - :silentMs::bigint * interval '1 ms'
    order by deadline_at limit :limit`,
});
