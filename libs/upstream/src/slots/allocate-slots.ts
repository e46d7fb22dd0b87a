import type { Candidate } from '../store/upstream-cache.js';

/** An upstream with its slots. */
export interface UpstreamSlots extends Candidate {
  running: number;
  maxConcurrent: number;
}

/**
 * Shares out `n` tasks: the highest priority is filled first; within one, the next goes where the load is lowest for its
 * size and weight. Chance, worth one task at most, keeps equals from being served in the order of their ids.
 * The same rule as `placeOrder` in SQL.
 */
export function allocateSlots(
  rooms: readonly UpstreamSlots[],
  n: number,
  random: () => number,
): { id: string; n: number }[] {
  const shares = new Map<string, number>();
  for (let place = 0; place < n; place += 1) {
    const best = rooms
      .map((room) => ({ room, taken: room.running + (shares.get(room.id) ?? 0) }))
      .filter(({ room, taken }) => taken < room.maxConcurrent)
      .map(({ room, taken }) => ({ room, load: (taken + 1 - random()) / (room.maxConcurrent * room.weight) }))
      .sort((a, b) => b.room.priority - a.room.priority || a.load - b.load)[0];
    if (best === undefined) break;
    shares.set(best.room.id, (shares.get(best.room.id) ?? 0) + 1);
  }
  const priorityOf = (id: string): number => rooms.find((room) => room.id === id)?.priority ?? 0;
  return [...shares].map(([id, share]) => ({ id, n: share })).sort((a, b) => priorityOf(b.id) - priorityOf(a.id));
}
