/**
 * True, once the rows of the relation `locked` are locked: Postgres runs a part of a statement that nothing reads at any
 * time or not at all, so a part that must come later reads the count of the earlier one. It keeps the order of locks.
 */
export function after(locked: string): string {
  return `(select count(*) from ${locked}) >= 0`;
}
