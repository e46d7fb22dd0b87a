import { statement } from '#libs/database';
import { queuePositions } from '../fragments/service-order.js';

/** Counts the waiting tasks that are served before a task. */
export const COUNT_AHEAD = statement<{ taskId: string }, { ahead: number }>({
  name: 'task_count_ahead',
  pool: 'http',
  text: `select position as ahead from (${queuePositions('select :taskId::bigint')}) p`,
});
