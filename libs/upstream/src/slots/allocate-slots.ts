import type { Candidate } from '../store/upstream-cache.js';

/** The slots of an upstream: how many are taken, and how many there are. */
export interface UpstreamSlots extends Candidate {
  running: number;
  maxConcurrent: number;
}

/**
 * Allocates free slots to `n` tasks, by the rule of `placeOrder` in SQL: upstreams of the highest priority are filled first;
 * among equal priorities the next task goes to the lowest load in proportion to size and weight. A random offset of at most
 * one task keeps equal upstreams from being chosen in the order of their ids.
 */
export function allocateSlots(
  upstreams: readonly UpstreamSlots[],
  n: number,
  random: () => number,
): { id: string; n: number }[] {
  const shares = new Map<string, number>();
  for (let place = 0; place < n; place += 1) {
    const best = upstreams
      .map((upstream) => ({ upstream, taken: upstream.running + (shares.get(upstream.id) ?? 0) }))
      .filter(({ upstream, taken }) => taken < upstream.maxConcurrent)
      .map(({ upstream, taken }) => ({
        upstream,
        load: (taken + 1 - random()) / (upstream.maxConcurrent * upstream.weight),
      }))
      .sort((a, b) => b.upstream.priority - a.upstream.priority || a.load - b.load)[0];
    if (best === undefined) break;
    shares.set(best.upstream.id, (shares.get(best.upstream.id) ?? 0) + 1);
  }
  const priorityOf = (id: string): number => upstreams.find((upstream) => upstream.id === id)?.priority ?? 0;
  return [...shares].map(([id, share]) => ({ id, n: share })).sort((a, b) => priorityOf(b.id) - priorityOf(a.id));
}
