import { isStorable } from '#libs/wire';

/** What is wrong with a value, and in which field of the outermost object it is. */
export interface Unstorable {
  field: string;
  why: string;
}

/**
 * The first value of a body that cannot be kept: a text with NUL or half a surrogate pair. Null: there is none. How deep a
 * body is and how much it holds was judged while it came in.
 */
export function findUnstorable(body: object): Unstorable | null {
  const open: { value: unknown; field: string }[] = [{ value: body, field: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, field } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) return { field, why: 'must not hold NUL or half a surrogate pair' };
    } else if (Array.isArray(value)) {
      // Outside of any field each item is named by its place.
      (value as unknown[]).forEach((inner, at) => open.push({ value: inner, field: field || String(at) }));
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) open.push({ value: inner, field: field || name });
    }
  }
  return null;
}
