import { UnknownIdLimiter } from './unknown-id-limiter.js';

describe('UnknownIdLimiter', () => {
  let limiter: UnknownIdLimiter;
  beforeEach(() => {
    jest.useFakeTimers();
    limiter = new UnknownIdLimiter();
  });
  afterEach(() => jest.useRealTimers());

  async function guess(address: string, times: number): Promise<boolean> {
    let last = true;
    for (let i = 0; i < times; i += 1) last = await limiter.countUnknown(address);
    return last;
  }

  it('lets an address be wrong 60 times a minute', async () => {
    expect(await guess('203.0.113.1', 60)).toBe(true);
    expect(await guess('203.0.113.1', 1)).toBe(false);
    expect(await limiter.retryAfter('203.0.113.1')).toBe(60);
    expect(await guess('203.0.113.2', 1)).toBe(true);
  });

  it('slows an address down that guesses on, without shutting it out', async () => {
    await guess('203.0.113.1', 60);
    const answers: boolean[] = [];
    for (let i = 0; i < 100; i += 1) answers.push(await limiter.admits('203.0.113.1'));
    expect(answers.filter(Boolean)).toHaveLength(10);
    await jest.advanceTimersByTimeAsync(1_001);
    expect(await limiter.admits('203.0.113.1')).toBe(true);
    expect(await limiter.admits('203.0.113.2')).toBe(true);
  });

  it('forgets after a minute', async () => {
    await guess('203.0.113.1', 61);
    await jest.advanceTimersByTimeAsync(60_001);
    expect(await guess('203.0.113.1', 1)).toBe(true);
    expect(await limiter.admits('203.0.113.1')).toBe(true);
  });

  it('takes a /64 for one visitor', async () => {
    await guess('2001:db8:0:1::1', 60);
    expect(await guess('2001:db8:0:1:ffff::2', 1)).toBe(false);
    expect(await guess('2001:db8:0:2::1', 1)).toBe(true);
    expect(await guess('::1', 60)).toBe(true);
    expect(await guess('::ffff:203.0.113.9', 1)).toBe(true);
  });
});
