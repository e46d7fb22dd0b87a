import { AddressLimiter, networkOf } from './address-limiter.js';

describe('AddressLimiter', () => {
  let limiter: AddressLimiter;
  let monotonic: number;
  beforeEach(() => {
    monotonic = 5_000;
    limiter = new AddressLimiter({ points: 3, seconds: 60 }, () => monotonic);
  });
  afterEach(() => jest.restoreAllMocks());

  function count(address: string, times: number): boolean[] {
    return Array.from({ length: times }, () => limiter.count(address));
  }

  it.each([2, -2])('has nothing to do with a wall clock that is set by %d h', (hours) => {
    const set = Date.now() + hours * 3_600_000;
    expect(count('203.0.113.1', 4)).toEqual([true, true, true, false]);
    jest.spyOn(Date, 'now').mockReturnValue(set);
    expect(limiter.isUsedUp('203.0.113.1')).toBe(true);
    expect(limiter.retryAfter('203.0.113.1')).toBe(60);
    monotonic += 60_000;
    expect(limiter.isUsedUp('203.0.113.1')).toBe(false);
  });

  it('lets an address have so many, and no more in its window', () => {
    expect(count('203.0.113.1', 5)).toEqual([true, true, true, false, false]);
    expect(limiter.isUsedUp('203.0.113.1')).toBe(true);
    expect(limiter.isUsedUp('203.0.113.2')).toBe(false);
    expect(count('203.0.113.2', 1)).toEqual([true]);
    monotonic += 20_000;
    expect(limiter.retryAfter('203.0.113.1')).toBe(40);
    monotonic += 40_000;
    expect(limiter.isUsedUp('203.0.113.1')).toBe(false);
    expect(count('203.0.113.1', 1)).toEqual([true]);
  });

  it('has a second to say where nothing was counted', () => {
    expect(limiter.retryAfter('203.0.113.1')).toBe(1);
  });

  it('remembers a bounded number of addresses, those that came last', () => {
    count('198.51.100.1', 3);
    for (let i = 0; i < 10_000; i += 1) limiter.count(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(limiter.isUsedUp('198.51.100.1')).toBe(false);
    count('10.0.39.15', 2);
    expect(limiter.isUsedUp('10.0.39.15')).toBe(true);
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
