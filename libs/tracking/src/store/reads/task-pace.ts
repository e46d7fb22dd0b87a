import { statement, type NoParameters } from '#libs/database';
import type { TaskAction, TaskMode } from '#libs/wire';

/** How long tasks of an action took in a mode lately. Medians, in seconds. */
export interface WorkPace {
  action: TaskAction;
  mode: TaskMode;
  /** From the submit, or from the confirmation of a window, to the start; null: no task tells. */
  queueSeconds: number | null;
  /** From the start to the end; null: no task tells. */
  runSeconds: number | null;
  /** Number of tasks that this is taken from. */
  tasks: number;
}

/**
 * Medians of the newest 5,000 tasks that succeeded, by action and mode, of those submitted in the last week. Successes are
 * looked for among the newest 100,000 tasks, so that a long line of waiting tasks, or of failed ones, hides them not before
 * that, and the cost has a limit. The index on the time of submits serves it: one on ends would cost every save.
 */
export const TASK_PACE = statement<NoParameters, WorkPace>({
  name: 'task_pace',
  pool: 'http',
  text: `
    with ended as materialized (
      select action, mode, coalesce(confirmed_at, submitted_at) as began_at, started_at, finished_at
      from (
        select action, mode, status, alias_of, submitted_at, confirmed_at, started_at, finished_at from task
        where submitted_at >= now() - interval '7 days'
        order by submitted_at desc limit 100000) looked
      where status = 'SUCCESS' and alias_of is null
      limit 5000)
    select action, mode, count(*)::int as tasks,
      round((percentile_cont(0.5) within group (order by greatest(date_part('epoch', started_at - began_at), 0)))::numeric, 1)::float8
        as "queueSeconds",
      round((percentile_cont(0.5) within group (order by greatest(date_part('epoch', finished_at - started_at), 0)))::numeric, 1)::float8
        as "runSeconds"
    from ended group by action, mode`,
});
