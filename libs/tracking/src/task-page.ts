import type { TaskAction, TaskMode, TaskStatus } from '#libs/wire';

/** Which tasks of a key a list shows; null: any. */
export interface TaskFilter {
  status: TaskStatus | null;
  action: TaskAction | null;
  mode: TaskMode | null;
  state: string | null;
}

/** Where a task stands in the order of a list: microseconds since 1970 (decimal) and its id. */
export interface PagePosition {
  submittedUs: string;
  id: string;
}
