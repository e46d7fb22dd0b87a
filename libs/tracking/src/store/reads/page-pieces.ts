import { queuePositions } from '../fragments/service-order.js';

/** Rows of one piece of an answer. */
export const PIECE_ROWS = 250;
/**
 * Bytes of texts in one piece, roughly; the one that goes beyond it is the last. A piece is what an answer holds in memory,
 * and what is parsed in one turn of the event loop.
 */
export const PIECE_BYTES = 256 * 1024;

/** What clients are shown of a task and may be long. */
const TEXTS = [
  'prompt',
  'prompt_en',
  'final_prompt',
  'final_zh_prompt',
  'description',
  'state',
  'custom_id',
  'fail_reason',
];

/**
 * Column bytes_before of a relation `t`: how many bytes those before a task have, in the order given. Lengths are read
 * without unpacking a text; buttons are kept packed, to a third at the usual.
 */
export function bytesBefore(t: string, order: string): string {
  const bytes = `(${TEXTS.map((name) => `octet_length(${t}.${name})`).join(' + ')} + coalesce(pg_column_size(${t}.buttons), 0) * 3)`;
  return `sum(${bytes}) over (order by ${order} rows unbounded preceding) - ${bytes} as bytes_before`;
}

/** Places, (id, position), of the tasks of relation `page` that wait: counted once for all, and not at all where none does. */
export function placesOfPage(): string {
  return `select * from (${queuePositions('select id from page where waiting')}) p
        where exists (select from page where waiting)`;
}
