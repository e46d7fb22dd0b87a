import { SeedRefusals } from './seed-refusals.js';

describe('SeedRefusals', () => {
  let now: number;
  let refusals: SeedRefusals;

  beforeEach(() => {
    now = 0;
    refusals = new SeedRefusals(() => now);
  });

  it('ignores the first refusal as temporary', () => {
    refusals.add('1', 'not yet');
    expect(refusals.of('1')).toBeNull();
  });

  it('keeps the second refusal for ten minutes, and each further one for twice as long, up to a day', () => {
    refusals.add('1', 'no');
    const believed: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      refusals.add('1', 'no seed');
      expect([refusals.of('1'), refusals.of('2')]).toEqual(['no seed', null]);
      const began = now;
      while (refusals.of('1') !== null) now += 600_000;
      believed.push((now - began) / 600_000);
    }
    expect(believed).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 144, 144]);
  });

  it('forgets the oldest refusals when there are many', () => {
    for (let id = 0; id <= 10_000; id += 1) for (let times = 0; times < 2; times += 1) refusals.add(String(id), 'no');
    expect([refusals.of('0'), refusals.of('1')]).toEqual([null, 'no']);
  });
});
