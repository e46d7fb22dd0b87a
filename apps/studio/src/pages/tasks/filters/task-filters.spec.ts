import { filtersOf, isUnfiltered, NO_FILTERS, queryOf } from './task-filters.ts';
import { fromLocalInput, toLocalInput } from '../../../i18n/local-input.ts';
import { adminQueryOf } from './time-range.ts';

describe('filters in the address', () => {
  it('are read back as they were written', () => {
    const filters = { ...NO_FILTERS, status: ['FAILURE', 'CANCEL'], q: 'red & fox, 50 %', time: '24h', keyId: '7' };
    expect(filtersOf(new URLSearchParams(queryOf(filters).toString()))).toEqual(filters);
  });

  it('leave out what is not set, and what no filter can be', () => {
    expect(queryOf(NO_FILTERS).toString()).toBe('');
    const read = filtersOf(new URLSearchParams('refused=maybe&status=,&other=1'));
    expect(read).toEqual(NO_FILTERS);
    expect(isUnfiltered(read)).toBe(true);
  });
});

describe('filters as the admin API takes them', () => {
  const now = Date.parse('2026-12-01T12:00:00Z');

  it('count a preset back from now', () => {
    expect(adminQueryOf({ ...NO_FILTERS, time: '24h', to: '2020-01-01T00:00:00Z' }, now).toString()).toBe(
      new URLSearchParams({ from: '2026-11-30T12:00:00.000Z' }).toString(),
    );
  });

  it('ignore a preset that does not exist', () => {
    expect(adminQueryOf({ ...NO_FILTERS, time: 'ever', from: '2026-01-01T00:00:00Z' }, now).get('from')).toBe(
      '2026-01-01T00:00:00Z',
    );
  });
});

describe('times of one’s own', () => {
  it('are entered in local time and kept as ISO 8601', () => {
    const iso = fromLocalInput('2026-12-01T16:30');
    expect(toLocalInput(iso)).toBe('2026-12-01T16:30');
    expect([fromLocalInput(''), fromLocalInput('soon'), toLocalInput(''), toLocalInput('soon')]).toEqual([
      '',
      '',
      '',
      '',
    ]);
  });
});
