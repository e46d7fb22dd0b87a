import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';
import { VISIBLE } from '../fragments/visible.js';

/** An alias has no upstream id of its own; follow-ups of it go to its original. */
const ORIGINAL_ID = `case when t.alias_of is not null then
  (select o.upstream_task_id from task o where o.id = t.alias_of) end as original_task_id`;

/** For whoever goes on with the task: its row. What clients are shown is read by FIND_PUBLIC. */
export const FIND_OWN = statement<
  { taskId: string; apiKeyId: string },
  EntityRow<Task> & { original_task_id: string | null }
>({
  name: 'task_find',
  pool: 'http',
  text: `select t.*, ${ORIGINAL_ID} from task t where id = :taskId and api_key_id = :apiKeyId and ${VISIBLE}`,
});
