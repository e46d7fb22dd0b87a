/** By how much the database's clock was set back: the parameter byMs, ms. For statements that mend what was due by it. */
export const SET_BACK_BY = ":byMs::float8 * interval '1 ms'";

/**
 * SQL condition: whether a time when something is due was told by the clock before it was set back. Then it is ahead by as
 * much; by half, because what was overdue is ahead by less. What is due far ahead by the right clock passes too: it is done
 * sooner once.
 */
export function isAhead(column: string): string {
  return `${column} > now() + ${SET_BACK_BY} / 2`;
}

/** Assignments that put such times right; others stay. */
export function putRight(...columns: string[]): string {
  return columns
    .map((name) => `${name} = case when ${isAhead(name)} then ${name} - ${SET_BACK_BY} else ${name} end`)
    .join(', ');
}

/** The same of times when something happened, which cannot be ahead of now at all. */
export function putPast(...columns: string[]): string {
  return columns
    .map((name) => `${name} = case when ${name} > now() then ${name} - ${SET_BACK_BY} else ${name} end`)
    .join(', ');
}
