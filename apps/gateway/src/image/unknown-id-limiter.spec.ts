import { UnknownIdLimiter } from './unknown-id-limiter.js';

describe('UnknownIdLimiter', () => {
  let limiter: UnknownIdLimiter;
  let monotonic: number;
  beforeEach(() => {
    monotonic = 0;
    limiter = new UnknownIdLimiter(() => monotonic);
  });

  function guess(address: string, times: number): boolean {
    let last = true;
    for (let i = 0; i < times; i += 1) last = limiter.countUnknown(address);
    return last;
  }

  it('lets an address be wrong 60 times a minute', () => {
    expect(guess('203.0.113.1', 60)).toBe(true);
    expect(guess('203.0.113.1', 1)).toBe(false);
    expect(limiter.retryAfter('203.0.113.1')).toBe(60);
    expect(guess('203.0.113.2', 1)).toBe(true);
  });

  it('slows an address down that guesses on, without shutting it out', () => {
    guess('203.0.113.1', 60);
    const answers: boolean[] = [];
    for (let i = 0; i < 100; i += 1) answers.push(limiter.admits('203.0.113.1'));
    expect(answers.filter(Boolean)).toHaveLength(10);
    monotonic += 1_000;
    expect(limiter.admits('203.0.113.1')).toBe(true);
    expect(limiter.admits('203.0.113.2')).toBe(true);
  });

  it('forgets after a minute', () => {
    guess('203.0.113.1', 61);
    monotonic += 60_000;
    expect(guess('203.0.113.1', 1)).toBe(true);
    expect(limiter.admits('203.0.113.1')).toBe(true);
  });

  it('takes a /64 for one visitor', () => {
    guess('2001:db8:0:1::1', 60);
    expect(guess('2001:db8:0:1:ffff::2', 1)).toBe(false);
    expect(guess('2001:db8:0:2::1', 1)).toBe(true);
    expect(guess('::1', 60)).toBe(true);
    expect(guess('::ffff:203.0.113.9', 1)).toBe(true);
  });
});
