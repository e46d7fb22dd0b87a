import { Logger } from '@nestjs/common';
import type { Database } from '#libs/database';
import { PriceList, priceOf, type PriceRow } from './price-list.js';

const row = (action: string, mode: string, price: string): PriceRow => ({ action, mode, price });

describe('priceOf', () => {
  const rows = [row('*', '*', '9'), row('*', 'TURBO', '8'), row('IMAGINE', '*', '7'), row('IMAGINE', 'FAST', '6')];

  it('takes the most exact row, an exact action before an exact mode', () => {
    expect(priceOf(rows, 'IMAGINE', 'FAST')).toBe('6');
    expect(priceOf(rows, 'IMAGINE', 'TURBO')).toBe('7');
    expect(priceOf(rows, 'BLEND', 'TURBO')).toBe('8');
    expect(priceOf(rows, 'BLEND', 'RELAX')).toBe('9');
  });

  it('has no price where no row fits', () => {
    expect(priceOf([row('IMAGINE', 'FAST', '6')], 'BLEND', 'FAST')).toBeNull();
  });
});

describe('an action and mode without a price', () => {
  let now = 1_000_000;
  const errors: unknown[] = [];
  const list = new PriceList(
    { run: () => Promise.resolve([row('IMAGINE', 'FAST', '6')]) } as unknown as Database,
    () => now,
  );

  beforeAll(() => void jest.spyOn(Logger.prototype, 'error').mockImplementation((line) => void errors.push(line)));
  afterAll(() => jest.restoreAllMocks());

  it('is logged once a minute for each action and mode', async () => {
    expect(await list.priceOf('IMAGINE', 'FAST')).toBe('6');
    expect(errors).toEqual([]);
    for (let n = 0; n < 3; n += 1) expect(await list.priceOf('BLEND', 'FAST')).toBeNull();
    await list.priceOf('BLEND', 'TURBO');
    expect(errors).toEqual([
      expect.stringContaining('BLEND in FAST has no price'),
      expect.stringContaining('BLEND in TURBO has no price'),
    ]);
    now += 59_999;
    await list.priceOf('BLEND', 'FAST');
    expect(errors).toHaveLength(2);
    now += 1;
    await list.priceOf('BLEND', 'FAST');
    expect(errors).toHaveLength(3);
  });
});
