import { BreakerRule } from './breaker-rule.js';

let now: number;
let rule: BreakerRule;
beforeEach(() => {
  now = 1_000_000;
  rule = new BreakerRule(() => now);
});

/** Feeds `.` as a success and `x` as a failure, each so many ms after the one before; the places where it opens. */
function feed(calls: string, everyMs = 0): number[] {
  return [...calls].flatMap((call, at) => {
    now += everyMs;
    if (call === 'x') return rule.failure() ? [at] : [];
    rule.success();
    return [];
  });
}

describe('failures in a row', () => {
  it('open it at the fifth', () => {
    expect(feed('xxxxx')).toEqual([4]);
  });

  it('count however far apart they are', () => {
    expect(feed('xxxxx', 3_600_000)).toEqual([4]);
  });

  it('are broken by a success', () => {
    expect(feed('xxxx.xxxx.')).toEqual([]);
  });
});

describe('the share of failures', () => {
  it('opens it at half of ten calls', () => {
    expect(feed('x.x.x.x.x.')).toEqual([]);
    expect(feed('x')).toEqual([0]);
    rule = new BreakerRule(() => now);
    expect(feed('.x.x.x.x.x')).toEqual([9]);
  });

  it('does not below half', () => {
    expect(feed('..x.x.x.x.x')).toEqual([]);
  });

  it('does not below ten calls', () => {
    expect(feed('.x.x.x.x')).toEqual([]);
  });

  it('counts the last ten seconds only', () => {
    expect(feed('.x.x.x.x.x', 1_100)).toEqual([]);
    rule = new BreakerRule(() => now);
    expect(feed('.x.x.x.x.x', 900)).toEqual([9]);
  });

  it('forgets calls of long ago, however few came since', () => {
    expect(feed('.x.x.x.x')).toEqual([]);
    now += 60_000;
    expect(feed('.x.x')).toEqual([]);
  });
});
