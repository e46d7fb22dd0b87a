import { changesOf, draftOf, isPrice, listOf } from './price-list.ts';

const stored = draftOf([
  { action: 'IMAGINE', mode: 'FAST', price: '0.100000' },
  { action: '*', mode: '*', price: '1.000000' },
]);

describe('prices', () => {
  it('are shown without needless zeros', () => {
    expect(stored).toEqual({ 'IMAGINE FAST': '0.1', '* *': '1' });
  });

  it('differ only where another amount was typed', () => {
    expect(changesOf(stored, { ...stored, 'IMAGINE FAST': '0.10' })).toEqual([]);
    expect(changesOf(stored, { 'IMAGINE FAST': '0.2', '* *': '', 'BLEND *': '3' })).toEqual([
      { action: 'IMAGINE', mode: 'FAST', before: '0.1', after: '0.2' },
      { action: '*', mode: '*', before: '1', after: '' },
      { action: 'BLEND', mode: '*', before: '', after: '3' },
    ]);
  });

  it('are sent without the empty ones', () => {
    expect(listOf({ ...stored, '* *': ' ' })).toEqual([{ action: 'IMAGINE', mode: 'FAST', price: '0.1' }]);
  });

  it('are amounts of at most six digits behind the point', () => {
    expect(['', '0', '0.123456', '1000000'].every(isPrice)).toBe(true);
    expect(['-1', '1e3', '0.1234567', '1000001', 'x', '1,5'].some(isPrice)).toBe(false);
  });
});
