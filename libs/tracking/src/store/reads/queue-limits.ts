import { isQueueFull, queueTotals } from '../fragments/queue-limit.js';
import type { Statement } from '#libs/database';

const IS_FULL = isQueueFull({
  tasks: '1',
  bytes: '$3::bigint',
  ownLimit: '(select queue_limit from account where api_key_id = $1::bigint)',
  limit: '$2',
  mostBytes: '$4',
});

/**
 * Whether one more task of a key may wait: $1 key · $2 QUEUE_LIMIT, unless the key has its own · $3 bytes of its input ·
 * $4 most bytes of input a key may have waiting. The rule of OPEN_TASKS, for a task that was opened with a slot.
 */
export const QUEUE_ADMITS: Statement = {
  name: 'task_queue_room',
  pool: 'http',
  text: `select not ${IS_FULL} as has_room from (${queueTotals('$1::bigint', null)}) q`,
};

/** Whether so much more input of a key may be kept: $1 key · $2 bytes · $3 most bytes. */
export const INPUT_FITS: Statement = {
  name: 'task_input_room',
  pool: 'http',
  text: `select coalesce(sum(bytes), 0) + $2::bigint <= $3::bigint as has_room from task_input where api_key_id = $1::bigint`,
};
