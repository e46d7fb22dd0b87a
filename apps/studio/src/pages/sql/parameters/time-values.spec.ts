import { resolveTime, sentValues, shownTime } from './time-values.ts';

const NOW = Date.parse('2026-12-01T12:00:00Z');

describe('times of parameters', () => {
  it('count spans back from now', () => {
    expect(resolveTime('-24h', NOW)).toBe('2026-11-30T12:00:00.000Z');
    expect(resolveTime('-15m', NOW)).toBe('2026-12-01T11:45:00.000Z');
    expect(resolveTime('-7d', NOW)).toBe('2026-11-24T12:00:00.000Z');
  });

  it('leave everything else to the gateway', () => {
    for (const value of ['2026-01-01', '1764590400000', 'noon', '-1y', '']) expect(resolveTime(value, NOW)).toBe(value);
  });

  it('are shown in the field of the browser', () => {
    const iso = '2026-11-30T12:34:00.000Z';
    expect(shownTime(String(Date.parse(iso)), NOW)).toBe(shownTime(iso, NOW));
    expect(shownTime(iso, NOW)).toMatch(/^2026-(?:11-30|12-01)T\d\d:\d\d$/);
    expect(shownTime('noon', NOW)).toBe('');
  });
});

describe('sentValues', () => {
  it('sends what the query asks for and what has a value', () => {
    const shown = [
      { name: 'from', type: 'time', default: 'now()' },
      { name: 'key', type: 'key', default: 'null' },
      { name: 'word', type: 'text', default: null },
    ] as const;
    expect(sentValues(shown, { from: '-1h', key: '', word: '-1h', other: 'x' }, NOW)).toEqual({
      from: '2026-12-01T11:00:00.000Z',
      word: '-1h',
    });
  });
});
