import { isStorable } from '#libs/wire';

/** What is wrong with a value, and in which field of the outermost object it is. */
export interface Unstorable {
  field: string;
  why: string;
}

/**
 * The first value of a body that cannot be kept: a text with NUL or half a surrogate pair, or what is nested too deep. Null: there
 * is none. How much a body holds was judged while it came in, and its depth by the limit for all.
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
