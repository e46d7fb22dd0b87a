/** An array as Postgres reads it. Only for words, numbers and times: pg's own way quotes and escapes each item. */
export function plainArray(items: readonly (string | number | null)[]): string {
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
