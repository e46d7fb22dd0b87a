/**
 * SQL condition that is true once the rows of the relation `locked` are locked. Postgres runs a CTE that nothing reads
 * at any time or not at all, so a CTE that must run later reads the count of the earlier one. The condition keeps the
 * lock order.
 */
export function after(locked: string): string {
  return `(select count(*) from ${locked}) >= 0`;
}
