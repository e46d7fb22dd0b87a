import { nextPollDelay, pauseAfterFailures } from './poll-pace.js';

const pace = (random: number, minMs = 2_000): { minMs: number; random: () => number } => ({
  minMs,
  random: () => random,
});

describe('poll pace', () => {
  it('is two seconds for a young task and a minute for an old one', () => {
    expect(nextPollDelay(0, 0, pace(0.5))).toBe(2_000);
    expect(nextPollDelay(60_000, 0, pace(0.5))).toBe(3_000);
    expect(nextPollDelay(3_600_000, 0, pace(0.5))).toBe(60_000);
  });

  it('slows down to a limit while nothing changes', () => {
    const delays = [0, 3, 5, 50].map((quiet) => nextPollDelay(0, quiet, pace(0.5)));
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBe(8_000);
  });

  it('has a jitter of a fifth to both sides', () => {
    expect(nextPollDelay(0, 0, pace(0))).toBe(1_600);
    expect(nextPollDelay(0, 0, pace(1))).toBe(2_400);
  });

  it('respects a smaller or larger minimum interval', () => {
    expect(nextPollDelay(0, 0, pace(0.5, 100))).toBe(100);
    expect(nextPollDelay(60_000, 0, pace(0.5, 100))).toBe(150);
    expect(nextPollDelay(0, 0, pace(0.5, 120_000))).toBe(120_000);
  });

  it('backs off from a failing upstream for a second, doubling to a minute', () => {
    expect([1, 2, 3, 7, 20].map(pauseAfterFailures)).toEqual([1_000, 2_000, 4_000, 60_000, 60_000]);
  });
});
