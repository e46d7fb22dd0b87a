import { nextAttempt } from './keep-schedule.js';

const middle = (): number => 0.5;

describe('nextTry', () => {
  it('follows 2 s, 10 s, 1 min, 5 min, 30 min, then hours', () => {
    const delays: number[] = [];
    let ageMs = 0;
    for (let attempts = 1; attempts <= 7; attempts += 1) {
      const next = nextAttempt({ ageMs, attempts }, middle);
      if (next.kind === 'lost') break;
      delays.push(next.delayMs / 1_000);
      ageMs += next.delayMs;
    }
    expect(delays).toEqual([2, 10, 60, 300, 1_800, 3_600, 3_600]);
  });

  it('goes no faster when clients ask in between', () => {
    expect(nextAttempt({ ageMs: 400_000, attempts: 90 }, middle)).toEqual({ kind: 'retry', delayMs: 1_800_000 });
  });

  it('gives up after a day, but not because the gateway was down for one', () => {
    const day = 86_400_000;
    expect(nextAttempt({ ageMs: day, attempts: 29 }, middle)).toEqual({ kind: 'lost' });
    expect(nextAttempt({ ageMs: 3 * day, attempts: 1 }, middle)).toMatchObject({ kind: 'retry' });
  });

  it('spreads by a fifth', () => {
    expect(nextAttempt({ ageMs: 0, attempts: 1 }, () => 0)).toEqual({ kind: 'retry', delayMs: 1_600 });
    expect(nextAttempt({ ageMs: 0, attempts: 1 }, () => 0.999_999)).toEqual({ kind: 'retry', delayMs: 2_400 });
  });
});
