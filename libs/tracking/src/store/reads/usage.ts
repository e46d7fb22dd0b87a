import { DAY_START, type TaskUsage } from '#libs/access';

/** Usage of a key by its tasks, as accounts and operators see it. */
export const TASK_USAGE: TaskUsage = {
  unfinished: (key) => `
    select coalesce(sum(cost), 0) as held, coalesce(sum(jobs) filter (where is_counted), 0)::int as running
    from task where api_key_id = ${key} and finished_at is null`,
  openedToday: (key) => `
    select coalesce(sum(jobs), 0)::int as opened from task
    where api_key_id = ${key} and submitted_at >= ${DAY_START}
      and not refused and alias_of is null`,
};
