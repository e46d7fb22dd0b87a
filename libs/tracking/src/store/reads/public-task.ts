import type { Statement } from '#libs/database';
import { publicColumns } from '../../task/public-task.js';
import { bytesBefore, PIECE_BYTES, placesOfPage } from './page-pieces.js';
import { queuePositionsOf } from '../fragments/service-order.js';
import { VISIBLE } from '../fragments/visible.js';

/** Tasks asked for at the same time by whatever keys, each for its own: $1 ids · $2 key of each. */
export const FIND_PUBLIC: Statement = {
  name: 'task_find_shown',
  pool: 'http',
  text: `
    with place as materialized (
      ${queuePositionsOf('$1::bigint[]')})
    select ${publicColumns('t')}, t.api_key_id as "apiKeyId", place.position as "queuePosition"
    from unnest($1::bigint[], $2::bigint[]) as asked (id, api_key_id)
    join task t on t.id = asked.id and t.api_key_id = asked.api_key_id and ${VISIBLE}
    left join place on place.id = t.id`,
};

/**
 * A piece of many tasks of one key, in the order asked: $1 ids, each once · $2 key. `asked` is its place among the ids,
 * `found` how many there were before the longest of them were left to the next piece.
 */
export const FIND_PUBLIC_MANY: Statement = {
  name: 'task_find_shown_many',
  pool: 'http',
  text: `
    with page as materialized (
      select ${publicColumns('t')}, asked.place as asked, count(*) over ()::int as found, ${bytesBefore('t', 'asked.place')}
      from unnest($1::bigint[]) with ordinality as asked (id, place)
      join task t on t.id = asked.id and t.api_key_id = $2 and ${VISIBLE}),
    place as materialized (
      ${placesOfPage()})
    select page.*, place.position as "queuePosition" from page left join place using (id)
    where page.bytes_before < ${PIECE_BYTES}
    order by page.asked`,
};
