/**
 * SQL fragments on `upstream_load`, to be joined into the statements that open and end tasks. Locks are taken in the
 * order of ids: unordered batches deadlock.
 */

/** Locks the slots of the upstreams that `ids` (a subquery of upstream ids) names. */
export function lockSlots(ids: string): string {
  return `select upstream_id, running, max_concurrent from upstream_load
    where upstream_id in (${ids}) order by upstream_id for update`;
}

/** Takes the slots of each row of `from` (upstream_id, slots). */
export function takeSlots(from: string): string {
  return `update upstream_load l set running = l.running + taken.n
    from (select upstream_id, sum(slots)::int as n from ${from} group by upstream_id) taken
    where l.upstream_id = taken.upstream_id`;
}

/** Gives the slots of each row of `from` (upstream_id, slots) back. */
export function freeSlots(from: string): string {
  return `update upstream_load l set running = greatest(0, l.running - freed.n)
    from (select upstream_id, sum(slots)::int as n from ${from} group by upstream_id) freed
    where l.upstream_id = freed.upstream_id`;
}

/**
 * How many slots of an upstream a task of so many jobs takes: no more than there are, because what is one prompt cannot be
 * parted. Both are SQL of integers.
 */
export function slotsFor(jobs: string, maxConcurrent: string): string {
  return `least(${jobs}, ${maxConcurrent})`;
}

/**
 * The order in which slots are taken, in a query over `l` (upstream_load) and `c` (the candidates' priority and weight):
 * the highest priority first, then the lowest load for its size and weight. Chance, worth one task at most, keeps equals
 * from being served in the order of their ids. `taken`: how many it would have taken before and with this one.
 */
export function placeOrder(taken: string): string {
  return `c.priority desc, (l.running + ${taken} - random()) / (l.max_concurrent * c.weight)`;
}
