import { allocateSlots, type UpstreamSlots } from './allocate-slots.js';

function room(id: string, overrides: Partial<UpstreamSlots> = {}): UpstreamSlots {
  return { id, priority: 0, weight: 1, running: 0, maxConcurrent: 100, ...overrides };
}

/** Each upstream's share, without chance unless given. */
function shares(rooms: UpstreamSlots[], n: number, random = () => 0): Record<string, number> {
  return Object.fromEntries(allocateSlots(rooms, n, random).map((share) => [share.id, share.n]));
}

describe('allocateSlots', () => {
  it('fills the highest priority first', () => {
    const rooms = [room('low'), room('high', { priority: 5, maxConcurrent: 3 })];
    expect(shares(rooms, 2)).toEqual({ high: 2 });
    expect(allocateSlots(rooms, 5, () => 0)).toEqual([
      { id: 'high', n: 3 },
      { id: 'low', n: 2 },
    ]);
  });

  it('goes by weight, by size and by running tasks', () => {
    expect(shares([room('heavy', { weight: 3 }), room('light')], 16)).toEqual({ heavy: 12, light: 4 });
    expect(shares([room('large', { maxConcurrent: 30 }), room('small', { maxConcurrent: 10 })], 16)).toEqual({
      large: 12,
      small: 4,
    });
    expect(shares([room('busy', { running: 10 }), room('idle')], 10)).toEqual({ idle: 10 });
  });

  it('gives no upstream more tasks than it has free slots', () => {
    expect(
      shares([room('a', { maxConcurrent: 2 }), room('b', { running: 99 }), room('c', { running: 101 })], 9),
    ).toEqual({
      a: 2,
      b: 1,
    });
    expect(allocateSlots([], 5, () => 0)).toEqual([]);
  });

  it('lets chance decide between equals, not their order', () => {
    const rooms = [room('a'), room('b')];
    expect(shares(rooms, 1, sequence(0.9, 0.1))).toEqual({ a: 1 });
    expect(shares(rooms, 1, sequence(0.1, 0.9))).toEqual({ b: 1 });
  });
});

function sequence(...values: number[]): () => number {
  return () => values.shift() ?? 0;
}
