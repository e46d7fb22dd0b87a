import type { TaskHead } from '../../task/task-head.js';
import { statement } from '#libs/database';

/** How watched tasks stand. By the primary key, so its cost is that of what is watched. */
export const FIND_HEADS = statement<{ taskIds: readonly string[] }, TaskHead>({
  name: 'task_watch',
  pool: 'http',
  text: 'select id, version, status from task where id = any(:taskIds::bigint[])',
});
