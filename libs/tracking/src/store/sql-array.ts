/** What needs no quotes in an array of Postgres. */
const PLAIN = /^[\w.:+-]+$/;

/**
 * An array as Postgres reads it, of words, numbers and times: pg's own way quotes and escapes each item.
 * @throws Error for an item that would have to be quoted
 */
export function plainArray(items: readonly (string | number | null)[]): string {
  for (const item of items) if (typeof item === 'string' && !PLAIN.test(item)) throw new Error('not a plain item');
  return `{${items.map((item) => item ?? 'NULL').join(',')}}`;
}

/** The same of times. */
export function timeArray(items: readonly (Date | null)[]): string {
  return plainArray(items.map((item) => item?.toISOString() ?? null));
}

/** Objects for a parameter of type jsonb[]. */
export function jsonItems(items: readonly (object | null)[]): (string | null)[] {
  return items.map((item) => (item === null ? null : JSON.stringify(item)));
}
