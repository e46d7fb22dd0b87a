/** Upstream ids that are safe in a path: numbers, UUIDs and the like. Anything else, such as `..`, must not become part of one. */
const PATH_SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** The upstream id in a field of a push; null if there is none, or if it is a number whose last digits JSON lost. */
export function idInField(body: unknown, field: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const id = (body as Record<string, unknown>)[field];
  if (typeof id === 'number') return Number.isSafeInteger(id) && id > 0 ? String(id) : null;
  return typeof id === 'string' && PATH_SAFE_ID.test(id) ? id : null;
}
