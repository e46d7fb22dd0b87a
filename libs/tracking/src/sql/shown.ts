import type { Statement } from '#libs/database';
import { shownColumns } from '../shown-task.js';
import { QUEUE_PLACES, QUEUE_POSITION } from './queue-class.js';
import { SHOWN } from './read.js';

/** Tasks asked for at the same time by whatever keys, each for its own: $1 ids · $2 key of each. */
export const FIND_SHOWN: Statement = {
  name: 'task_find_shown',
  pool: 'http',
  text: `select ${shownColumns('t')}, t.api_key_id as "apiKeyId", ${QUEUE_POSITION}
    from unnest($1::bigint[], $2::bigint[]) as asked (id, api_key_id)
    join task t on t.id = asked.id and t.api_key_id = asked.api_key_id and ${SHOWN}`,
};

/** The places of those that wait are counted once for all of them, for up to 10,000 may be asked for: $1 ids · $2 key. */
export const FIND_SHOWN_MANY: Statement = {
  name: 'task_find_shown_many',
  pool: 'http',
  text: `
    with place as materialized (
      ${QUEUE_PLACES}
        and exists (select from task where id = any($1::bigint[]) and api_key_id = $2 and waiting))
    select ${shownColumns('t')},
      case when t.waiting then (select position from place where place.id = t.id) end as "queuePosition"
    from task t where t.id = any($1::bigint[]) and t.api_key_id = $2 and ${SHOWN}`,
};
