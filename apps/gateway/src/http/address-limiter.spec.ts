import { AddressLimiter, networkOf } from './address-limiter.js';

describe('AddressLimiter', () => {
  let limiter: AddressLimiter;
  beforeEach(() => {
    jest.useFakeTimers();
    limiter = new AddressLimiter({ points: 3, seconds: 60 });
  });
  afterEach(() => jest.useRealTimers());

  async function count(address: string, times: number): Promise<boolean[]> {
    const answers: boolean[] = [];
    for (let i = 0; i < times; i += 1) answers.push(await limiter.count(address));
    return answers;
  }

  it('lets an address have so many, and no more in its window', async () => {
    expect(await count('203.0.113.1', 5)).toEqual([true, true, true, false, false]);
    expect(await limiter.isUsedUp('203.0.113.1')).toBe(true);
    expect(await limiter.isUsedUp('203.0.113.2')).toBe(false);
    expect(await count('203.0.113.2', 1)).toEqual([true]);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await limiter.retryAfter('203.0.113.1')).toBe(40);
    await jest.advanceTimersByTimeAsync(40_001);
    expect(await limiter.isUsedUp('203.0.113.1')).toBe(false);
    expect(await count('203.0.113.1', 1)).toEqual([true]);
  });

  it('has a second to say where nothing was counted', async () => {
    expect(await limiter.retryAfter('203.0.113.1')).toBe(1);
  });

  it('remembers a bounded number of addresses, those that came last', async () => {
    await count('198.51.100.1', 3);
    for (let i = 0; i < 10_000; i += 1) await limiter.count(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(await limiter.isUsedUp('198.51.100.1')).toBe(false);
    await count('10.0.39.15', 2);
    expect(await limiter.isUsedUp('10.0.39.15')).toBe(true);
  });
});

describe('a network', () => {
  it.each([
    ['203.0.113.1', '203.0.113.1'],
    ['::ffff:203.0.113.1', '203.0.113.1'],
    ['2001:db8:0:1::1', '2001:db8:0:1'],
    ['2001:0db8:0000:0001:ffff::2', '2001:db8:0:1'],
    ['2001:db8:0:2::1', '2001:db8:0:2'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
