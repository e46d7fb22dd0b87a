import { Pace, type PaceLimit } from './pace.js';

const LIMIT: PaceLimit = { leastRate: 1_000, stallTimeoutMs: 30_000 };

describe('Pace', () => {
  const after = (seconds: number, moved: (second: number) => number | null, pace = new Pace(), from = 0): Pace => {
    for (let second = from; second <= from + seconds; second += 1) pace.look(second * 1_000, moved(second), LIMIT);
    return pace;
  };

  it.each<[string, number, (second: number) => number | null, boolean]>([
    ['nothing moves', 29, () => 0, false],
    ['nothing moves for too long', 30, () => 0, true],
    ['the least rate', 3_600, () => 1_000, false],
    ['the least rate in bursts', 3_600, (second) => (second % 20 === 0 ? 20_000 : 0), false],
    ['half of the least rate', 59, () => 500, false],
    ['half of the least rate for too long', 61, () => 500, true],
    ['one byte now and then', 40, (second) => (second % 10 === 0 ? 1 : 0), true],
    ['much at first, then nothing', 130, (second) => (second < 100 ? 1_000_000 : 0), true],
    ['nothing that could move', 3_600, () => null, false],
    ['nothing that could move most of the time', 3_600, (second) => (second % 20 < 10 ? 0 : null), false],
  ])('%s: too slow after %d s: %#', (_, seconds, moved, isTooSlow) => {
    expect(after(seconds, moved).isTooSlow(LIMIT)).toBe(isTooSlow);
  });

  it('says how long nothing has moved', () => {
    const pace = after(10, (second) => (second < 4 ? 1 : 0));
    expect(pace.stalledMs(12_000)).toBe(9_000);
    pace.look(13_000, null, LIMIT);
    expect(pace.stalledMs(14_000)).toBe(0);
  });

  it('lays no delay of this process at the door of the other side', () => {
    const pace = after(5, () => 0);
    pace.look(600_000, 0, LIMIT);
    expect(pace.isTooSlow(LIMIT)).toBe(false);
  });
});
