import { historyFiltersOf, placeOf, queryOfHistory, spanOf } from './history-filters.ts';

const of = (query: string): ReturnType<typeof historyFiltersOf> => historyFiltersOf(new URLSearchParams(query));
const NOW = Date.parse('2026-12-01T12:00:00Z');

describe('filters of history', () => {
  it('are the last day of everything unless the address says otherwise', () => {
    expect(of('')).toEqual({ range: '24h', from: '', to: '', key: '', upstream: '' });
    expect(of('range=toString&from=never')).toEqual(of(''));
    expect(queryOfHistory(of(''))).toBe('');
  });

  it('survive the way into the address and back', () => {
    for (const query of [
      'range=7d&key=a%26b',
      'from=2026-11-01T00:00:00.000Z&to=2026-11-02T00:00:00.000Z&upstream=x',
    ]) {
      const filters = of(query);
      expect(historyFiltersOf(new URLSearchParams(queryOfHistory(filters)))).toEqual(filters);
    }
  });

  it('count presets back from now, and take a custom time as it is', () => {
    expect(spanOf(of('range=1h'), NOW)).toEqual({ from: '2026-12-01T11:00:00.000Z' });
    expect(spanOf(of('from=2026-11-01T00:00:00Z'), NOW)).toEqual({ from: '2026-11-01T00:00:00.000Z' });
  });

  it('give a question only what it takes', () => {
    expect(placeOf(of('key=bob&upstream=x'), ['key'])).toEqual({ key: 'bob' });
    expect(placeOf(of('key=bob'), ['key', 'upstream'])).toEqual({ key: 'bob', upstream: null });
  });
});
