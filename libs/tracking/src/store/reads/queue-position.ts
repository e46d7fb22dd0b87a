import type { Statement } from '#libs/database';
import { queuePositions } from '../fragments/service-order.js';

/** How many waiting tasks are served before this one: $1 id. */
export const COUNT_AHEAD: Statement = {
  name: 'task_count_ahead',
  pool: 'http',
  text: `select position as ahead from (${queuePositions('select $1::bigint')}) p`,
};
