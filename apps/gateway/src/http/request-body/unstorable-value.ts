import { isStorable } from '#libs/wire';

/** Why a value cannot be stored, and in which field of the outermost object it stands. */
export interface Unstorable {
  field: string;
  why: string;
}

/**
 * The first value of a body that Postgres cannot store: a text with NUL or half a surrogate pair, or a value nested too deep;
 * null where there is none. The size of a body was limited while it came in.
 */
export function findUnstorable(body: object, maxDepth = Infinity): Unstorable | null {
  const open: { value: unknown; field: string; depth: number }[] = [{ value: body, field: '', depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, field } = next;
    const depth = next.depth + 1;
    if (typeof value === 'string') {
      if (!isStorable(value)) return { field, why: 'must not hold NUL or half a surrogate pair' };
    } else if (typeof value === 'object' && value !== null && depth > maxDepth) {
      return { field, why: `must not be nested deeper than ${maxDepth} levels` };
    } else if (Array.isArray(value)) {
      // Outside of any field each item is named by its place.
      (value as unknown[]).forEach((inner, at) => open.push({ value: inner, field: field || String(at), depth }));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) open.push({ value: inner, field: field || name, depth });
    }
  }
  return null;
}
