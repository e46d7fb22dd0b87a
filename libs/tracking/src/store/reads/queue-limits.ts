import { isQueueFull, queueTotals } from '../fragments/queue-limit.js';
import { statement } from '#libs/database';

const IS_FULL = isQueueFull({
  tasks: '1',
  bytes: ':bytes::bigint',
  ownLimit: '(select queue_limit from account where api_key_id = :apiKeyId::bigint)',
  limit: ':queueLimit',
  mostBytes: ':mostBytes',
});

/**
 * Checks whether one more task of a key, with `bytes` of input, may wait: the rule of OPEN_TASKS, for a task that was
 * opened with a slot. `queueLimit` is QUEUE_LIMIT and yields to a limit of the key's own.
 */
export const QUEUE_ADMITS = statement<
  { apiKeyId: string; queueLimit: number; bytes: number; mostBytes: number },
  { has_room: boolean }
>({
  name: 'task_queue_room',
  pool: 'http',
  text: `select not ${IS_FULL} as has_room from (${queueTotals(':apiKeyId::bigint', null)}) q`,
});

/** Checks whether `bytes` more of stored input fit under the limit of a key. */
export const INPUT_FITS = statement<{ apiKeyId: string; bytes: number; mostBytes: number }, { has_room: boolean }>({
  name: 'task_input_room',
  pool: 'http',
  text: `select coalesce(sum(bytes), 0) + :bytes::bigint <= :mostBytes::bigint as has_room from task_input where api_key_id = :apiKeyId::bigint`,
});
