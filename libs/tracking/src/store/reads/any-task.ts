import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Only for admins: it asks for no key. */
export const FIND_ANY = statement<{ taskId: string }, EntityRow<Task>>({
  name: 'task_find_any',
  pool: 'http',
  text: 'select * from task where id = :taskId',
});

/** The same of several. */
export const FIND_ANY_MANY = statement<{ taskIds: readonly string[] }, EntityRow<Task>>({
  name: 'task_find_any_many',
  pool: 'work',
  text: 'select * from task where id = any(:taskIds::bigint[])',
});
