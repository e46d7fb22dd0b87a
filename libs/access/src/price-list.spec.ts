import { priceOf, type PriceRow } from './price-list.js';

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
