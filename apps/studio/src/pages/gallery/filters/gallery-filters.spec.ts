import type { Task } from '../../../api/client.ts';
import { countFilters, filterQuery, listQuery, NO_FILTERS, passes, readFilters } from './gallery-filters.ts';

const NOW = Date.UTC(2026, 11, 1, 12);
const task = {
  id: '6',
  prompt: 'A red Fox',
  status: 'SUCCESS',
  action: 'IMAGINE',
  state: 's',
  submitTime: NOW,
} as Task;

describe('filters of the gallery', () => {
  it('survive the way through an address', () => {
    const filters = { ...NO_FILTERS, q: 'a & b', status: 'FAILURE', within: '7d', state: 'order=1' } as const;
    const query = Object.fromEntries(new URLSearchParams(filterQuery(filters)));
    expect(readFilters(query)).toEqual(filters);
    expect(countFilters(filters)).toBe(4);
  });

  it('leave out what makes no sense', () => {
    expect(readFilters({ status: 'x y', within: '3w', from: 'soon', other: '1' })).toEqual(NO_FILTERS);
    expect(filterQuery(NO_FILTERS)).toBe('');
  });

  it('ask for days whole, and for a span before now', () => {
    const days = listQuery({ ...NO_FILTERS, from: '2026-11-30', to: '2026-11-30' }, NOW);
    expect(Number(days.get('to')) - Number(days.get('from'))).toBe(86_400_000);
    expect(listQuery({ ...NO_FILTERS, within: '1h' }, NOW).get('from')).toBe(String(NOW - 3_600_000));
  });

  it.each([
    [{ q: 'red fox' }, true],
    [{ q: '6' }, true],
    [{ q: 'blue' }, false],
    [{ status: 'FAILURE' }, false],
    [{ action: 'IMAGINE', state: 's' }, true],
    [{ state: 't' }, false],
    [{ within: '1h' as const }, true],
    [{ to: '2026-01-01' }, false],
  ])('%j', (filters, isShown) => {
    expect(passes(task, { ...NO_FILTERS, ...filters }, NOW)).toBe(isShown);
  });
});
