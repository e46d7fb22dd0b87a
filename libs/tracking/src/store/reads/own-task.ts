import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { VISIBLE } from '../fragments/visible.js';

/** An alias has no upstream id of its own; its follow-ups use the id of the original. */
const ORIGINAL_ID = `case when t.alias_of is not null then
  (select o.upstream_task_id from task o where o.id = t.alias_of) end as original_task_id`;

/** Reads the row of a key's own task for further work. FIND_PUBLIC reads the fields that clients see. */
export const FIND_OWN = statement<
  { taskId: string; apiKeyId: string },
  EntityRow<Task> & { original_task_id: string | null }
>({
  name: 'task_find',
  pool: 'http',
  text: `select t.*, ${ORIGINAL_ID} from task t where id = :taskId and api_key_id = :apiKeyId and ${VISIBLE}`,
});
