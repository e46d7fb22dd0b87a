/** Longest text of a cell; what is longer is cut and ends in "…". */
export const LONGEST_CELL = 4_000;

/** A column of an answer. */
export interface SqlColumn {
  name: string;
  /** As Postgres writes it, e.g. `timestamp with time zone`. */
  type: string;
}

export type Cell = string | number | boolean | null;

const BOOLEAN = 16;
/** smallint, integer, oid, real, double precision: every value of theirs is a number of JSON, but for NaN and the infinities. */
const NUMBERS = new Set([21, 23, 26, 700, 701]);
const TIMESTAMP = 1_114;
const TIMESTAMPTZ = 1_184;

/** Names of the usual types by number; others are asked for. */
export const TYPE_NAMES: ReadonlyMap<number, string> = new Map([
  [BOOLEAN, 'boolean'],
  [20, 'bigint'],
  [21, 'smallint'],
  [23, 'integer'],
  [25, 'text'],
  [114, 'json'],
  [700, 'real'],
  [701, 'double precision'],
  [1_043, 'character varying'],
  [1_082, 'date'],
  [TIMESTAMP, 'timestamp without time zone'],
  [TIMESTAMPTZ, 'timestamp with time zone'],
  [1_186, 'interval'],
  [1_700, 'numeric'],
  [2_950, 'uuid'],
  [3_802, 'jsonb'],
]);

/**
 * What Postgres wrote, as JSON shows it: bigint and numeric stay texts, for a number of JSON has fewer digits; times are ISO 8601;
 * everything without a counterpart is Postgres's own text.
 */
export function cellOf(text: string | null, type: number): Cell {
  if (text === null) return null;
  if (type === BOOLEAN) return text === 't';
  if (NUMBERS.has(type)) {
    const number = Number(text);
    return Number.isFinite(number) ? number : text;
  }
  if (type === TIMESTAMPTZ)
    return text
      .replace(' ', 'T')
      .replace(/\+00$/, 'Z')
      .replace(/([+-]\d\d)$/, '$1:00');
  if (type === TIMESTAMP) return text.replace(' ', 'T');
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}
