import type { TaskStatus } from '#libs/wire';

/** What is known of a watched task without reading it whole. */
export interface TaskHead {
  id: string;
  version: number;
  status: TaskStatus;
}
