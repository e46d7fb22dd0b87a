/**
 * SQL fragments on `upstream_load`, to be joined into the statements that open and end tasks. Locks are taken in the
 * order of ids: unordered batches deadlock.
 */

/** Locks the slots of the upstreams in `ids` (a subquery of upstream ids). */
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

/** Releases the slots of each row of `from` (upstream_id, slots). */
export function freeSlots(from: string): string {
  return `update upstream_load l set running = greatest(0, l.running - freed.n)
    from (select upstream_id, sum(slots)::int as n from ${from} group by upstream_id) freed
    where l.upstream_id = freed.upstream_id`;
}

/**
 * How many slots of an upstream a task of so many jobs takes: at most all of them, because the jobs of one prompt cannot be
 * split. Both arguments are SQL of integers.
 */
export function slotsFor(jobs: string, maxConcurrent: string): string {
  return `least(${jobs}, ${maxConcurrent})`;
}

/**
 * The order in which upstreams are chosen, in a query over `l` (upstream_load) and `c` (priority and weight of the
 * candidates): the highest priority first, then the lowest load in proportion to size and weight. A random offset of at most
 * one task keeps equal upstreams from being chosen in the order of their ids. `taken`: SQL of the slots that the query
 * takes of the upstream, this task included.
 */
export function placeOrder(taken: string): string {
  return `c.priority desc, (l.running + ${taken} - random()) / (l.max_concurrent * c.weight)`;
}
