import { statement } from '#libs/database';
import { publicColumns, type PublicTask } from '../../task/public-task.js';
import { bytesBefore, PIECE_BYTES, queuePositionsOfPage } from './page-pieces.js';
import { queuePositionsOf } from '../fragments/service-order.js';
import { VISIBLE } from '../fragments/visible.js';

/** Reads tasks requested at the same moment by several keys, each only for its own key. */
export const FIND_PUBLIC = statement<
  { taskIds: readonly string[]; apiKeyIds: readonly string[] },
  PublicTask & { apiKeyId: string }
>({
  name: 'task_find_shown',
  pool: 'http',
  text: `
    with place as materialized (
      ${queuePositionsOf(':taskIds::bigint[]')})
    select ${publicColumns('t')}, t.api_key_id as "apiKeyId", place.position as "queuePosition"
    from unnest(:taskIds::bigint[], :apiKeyIds::bigint[]) as asked (id, api_key_id)
    join task t on t.id = asked.id and t.api_key_id = asked.api_key_id and ${VISIBLE}
    left join place on place.id = t.id`,
});

/** A task of a piece: its place among the ids, and the number of tasks found before the piece was cut. */
export type PiecedTask = PublicTask & { asked: string; found: number };

/**
 * Reads a piece of many tasks of one key, in the order of the ids, which must be distinct. `asked` is the place among
 * the ids, `found` the number of tasks before the longest were left to the next piece.
 */
export const FIND_PUBLIC_MANY = statement<{ taskIds: readonly string[]; apiKeyId: string }, PiecedTask>({
  name: 'task_find_shown_many',
  pool: 'http',
  text: `
    with page as materialized (
      select ${publicColumns('t')}, asked.place as asked, count(*) over ()::int as found, ${bytesBefore('t', 'asked.place')}
      from unnest(:taskIds::bigint[]) with ordinality as asked (id, place)
      join task t on t.id = asked.id and t.api_key_id = :apiKeyId and ${VISIBLE}),
    place as materialized (
      ${queuePositionsOfPage()})
    select page.*, place.position as "queuePosition" from page left join place using (id)
    where page.bytes_before < ${PIECE_BYTES}
    order by page.asked`,
});
