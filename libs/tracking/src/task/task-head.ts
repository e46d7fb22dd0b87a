import type { TaskStatus } from '#libs/wire';

/** Id, version and status of a task: all that waiting requests need to compare. */
export interface TaskHead {
  id: string;
  version: number;
  status: TaskStatus;
}
