import type { Statement } from '#libs/database';
import { shownColumns } from '../shown-task.js';
import { placesOf } from './queue-class.js';
import { SHOWN } from './read.js';

/** Tasks asked for at the same time by whatever keys, each for its own: $1 ids · $2 key of each. */
export const FIND_SHOWN: Statement = {
  name: 'task_find_shown',
  pool: 'http',
  text: `
    with place as materialized (
      ${placesOf('$1::bigint[]')})
    select ${shownColumns('t')}, t.api_key_id as "apiKeyId", place.position as "queuePosition"
    from unnest($1::bigint[], $2::bigint[]) as asked (id, api_key_id)
    join task t on t.id = asked.id and t.api_key_id = asked.api_key_id and ${SHOWN}
    left join place on place.id = t.id`,
};

/** The same of one key, up to 10,000: $1 ids · $2 key. */
export const FIND_SHOWN_MANY: Statement = {
  name: 'task_find_shown_many',
  pool: 'http',
  text: `
    with place as materialized (
      ${placesOf('$1::bigint[]')})
    select ${shownColumns('t')}, place.position as "queuePosition"
    from task t left join place on place.id = t.id
    where t.id = any($1::bigint[]) and t.api_key_id = $2 and ${SHOWN}`,
};
