import { queuePositions } from '../fragments/service-order.js';

/** Most rows of one piece of a response. */
export const PIECE_ROWS = 250;
/**
 * Approximate bytes of text in one piece; the row that exceeds the limit is the last. A piece is the part of a response
 * that is in memory at once, and is parsed in one turn of the event loop.
 */
export const PIECE_BYTES = 256 * 1024;

/** Public columns that may hold long texts. */
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
 * SQL of the column bytes_before of a relation `t`: the bytes of the rows before a row, in the given order. Lengths are
 * read without decompressing a text; buttons count as compressed, about a third of their size.
 */
export function bytesBefore(t: string, order: string): string {
  const bytes = `(${TEXTS.map((name) => `octet_length(${t}.${name})`).join(' + ')} + coalesce(pg_column_size(${t}.buttons), 0) * 3)`;
  return `sum(${bytes}) over (order by ${order} rows unbounded preceding) - ${bytes} as bytes_before`;
}

/**
 * SQL of the queue positions, (id, position), of the waiting tasks in relation `page`: counted once for all, and not at
 * all if none waits.
 */
export function queuePositionsOfPage(): string {
  return `select * from (${queuePositions('select id from page where waiting')}) p
        where exists (select from page where waiting)`;
}
