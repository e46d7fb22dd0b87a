import { isStorable } from '#libs/wire';

const MAX_DEPTH = 16;
/**
 * Values of a body: more than fit in 256 KiB. A body for pictures could hold 16 million, and looking at each of them took half
 * a minute and 5 GB.
 */
const MAX_VALUES = 150_000;

/** What is wrong with a value, and in which field of the outermost object it is. */
export interface Unstorable {
  field: string;
  why: string;
}

/**
 * The first value of a body that cannot be kept: a text with NUL or half a surrogate pair, or what is nested too deep or has
 * too many values, which are then not looked at. Null: there is none. Walks without recursion: a body of 256 KiB can be
 * 100,000 levels deep.
 */
export function findUnstorable(body: object): Unstorable | null {
  const open: { value: unknown; field: string; depth: number }[] = [{ value: body, field: '', depth: 0 }];
  let left = MAX_VALUES;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, field, depth } = next;
    if (typeof value === 'string') {
      if (!isStorable(value)) return { field, why: 'must not hold NUL or half a surrogate pair' };
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= MAX_DEPTH) return { field, why: `must not be nested deeper than ${MAX_DEPTH} levels` };
      const names = Array.isArray(value) ? null : Object.keys(value);
      left -= names?.length ?? (value as unknown[]).length;
      if (left < 0) return { field, why: `must not have more than ${MAX_VALUES} values` };
      if (names === null) {
        // Outside of any field each item is named by its place.
        (value as unknown[]).forEach((inner, at) =>
          open.push({ value: inner, field: field || String(at), depth: depth + 1 }),
        );
      } else {
        const fields = value as Record<string, unknown>;
        for (const name of names) open.push({ value: fields[name], field: field || name, depth: depth + 1 });
      }
    }
  }
  return null;
}
