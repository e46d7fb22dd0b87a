import type { SqlResult } from '../../../api/questions.ts';
import { chartColumns, firstChart, ofKind, withSeries, type ChartHint } from './chart-choice.ts';

function answer(...columns: [string, string][]): SqlResult {
  const row = columns.map(([, type]) => (type === 'text' ? 'a' : 1));
  return {
    columns: columns.map(([name, type]) => ({ name, type })),
    rows: [row, row],
    rowCount: 2,
    truncated: false,
    ms: 1,
    sql: '',
  };
}

describe('firstChart', () => {
  it('takes a time or a name for x wherever it stands', () => {
    expect(firstChart(answer(['n', 'bigint'], ['day', 'date']), null)).toEqual({
      kind: 'time',
      x: 'day',
      series: ['n'],
    });
    expect(firstChart(answer(['n', 'bigint'], ['who', 'text']), null)).toEqual({
      kind: 'bars',
      x: 'who',
      series: ['n'],
    });
    expect(firstChart(answer(['who', 'text']), null)).toBeNull();
    expect(firstChart(answer(['n', 'bigint']), null)).toBeNull();
  });
});

describe('a chosen chart', () => {
  const result = answer(['day', 'date'], ['who', 'text'], ['n', 'bigint'], ['m', 'numeric']);

  it('knows times and numbers', () => {
    expect(chartColumns(result)).toEqual({ times: ['day'], names: ['day', 'who', 'n', 'm'], numbers: ['n', 'm'] });
  });

  it('has a time along x when it is drawn over time', () => {
    const bars: ChartHint = { kind: 'bars', x: 'who', series: ['n'] };
    expect(ofKind(bars, 'time', result).x).toBe('day');
    expect(withSeries(bars, 'm', true).series).toEqual(['n', 'm']);
    expect(withSeries(bars, 'n', false).series).toEqual([]);
  });
});
