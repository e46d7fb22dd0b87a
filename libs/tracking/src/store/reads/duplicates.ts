import type { Task } from '../../task/task.entity.js';
import { type EntityRow, statement } from '#libs/database';

/** Finds the task that runs or has done the same work: a repeated upscale is answered with it. */
export const FIND_REPEAT = statement<{ apiKeyId: string; repeatKey: string }, EntityRow<Task>>({
  name: 'task_find_repeat',
  pool: 'http',
  text: `select * from task where api_key_id = :apiKeyId and repeat_key = :repeatKey and status not in ('FAILURE', 'CANCEL')`,
});

export const FIND_IDEMPOTENT = statement<{ apiKeyId: string; route: string; key: string }, EntityRow<Task>>({
  name: 'task_find_idempotent',
  pool: 'http',
  text: `select * from task where api_key_id = :apiKeyId and idem_route = :route and idem_key = :key`,
});

/** Finds the task of a key that has an upstream id. */
export const FIND_BY_UPSTREAM_ID = statement<
  { upstreamId: string; upstreamTaskId: string; apiKeyId: string },
  EntityRow<Task>
>({
  name: 'task_find_by_upstream_id',
  pool: 'http',
  text: 'select * from task where upstream_id = :upstreamId and upstream_task_id = :upstreamTaskId and api_key_id = :apiKeyId',
});
