import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Finds a task of any key; for admins only. */
export const FIND_ANY = statement<{ taskId: string }, EntityRow<Task>>({
  name: 'task_find_any',
  pool: 'http',
  text: 'select * from task where id = :taskId',
});

/** Finds several tasks of any key. */
export const FIND_ANY_MANY = statement<{ taskIds: readonly string[] }, EntityRow<Task>>({
  name: 'task_find_any_many',
  pool: 'work',
  text: 'select * from task where id = any(:taskIds::bigint[])',
});
