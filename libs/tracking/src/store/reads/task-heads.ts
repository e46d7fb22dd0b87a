import type { TaskHead } from '../../task/task-head.js';
import { statement } from '#libs/database';

/** Version and status of watched tasks, read by primary key, so that the cost grows with the watched tasks alone. */
export const FIND_HEADS = statement<{ taskIds: readonly string[] }, TaskHead>({
  name: 'task_watch',
  pool: 'http',
  text: 'select id, version, status from task where id = any(:taskIds::bigint[])',
});
