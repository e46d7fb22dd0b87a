/** Items that need no quotes in an array literal of Postgres. */
const PLAIN = /^[\w.:+-]+$/;

/**
 * Writes words, numbers and times as an array literal of Postgres; the driver would quote and escape each item.
 * @throws Error for an item that would need quotes
 */
export function plainArray(items: readonly (string | number | null)[]): string {
  for (const item of items) if (typeof item === 'string' && !PLAIN.test(item)) throw new Error('not a plain item');
  return `{${items.map((item) => item ?? 'NULL').join(',')}}`;
}

/** Writes times as an array literal of Postgres. */
export function timeArray(items: readonly (Date | null)[]): string {
  return plainArray(items.map((item) => item?.toISOString() ?? null));
}

/** Serialises objects for a parameter of type jsonb[]. */
export function jsonItems(items: readonly (object | null)[]): (string | null)[] {
  return items.map((item) => (item === null ? null : JSON.stringify(item)));
}
