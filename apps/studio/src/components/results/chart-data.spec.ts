import type { SqlResult } from '../../api/questions.ts';
import { chartData, guessChart } from './chart-data.ts';

function answer(columns: [string, string][], rows: unknown[][]): SqlResult {
  return {
    columns: columns.map(([name, type]) => ({ name, type })),
    rows: rows,
    rowCount: rows.length,
    truncated: false,
    ms: 1,
    sql: '',
  };
}

describe('guessChart', () => {
  it('draws numbers over the times of the first column', () => {
    const days = answer(
      [
        ['day', 'date'],
        ['n', 'bigint'],
        ['who', 'text'],
      ],
      [['2026-12-01', '4', 'x']],
    );
    expect(guessChart(days)).toEqual({ kind: 'time', x: 'day', series: ['n'] });
  });

  it('draws bars by name, if there are not too many', () => {
    const columns: [string, string][] = [
      ['key', 'text'],
      ['spend', 'numeric'],
    ];
    expect(guessChart(answer(columns, [['a', '1']]))).toEqual({ kind: 'bars', x: 'key', series: ['spend'] });
    expect(guessChart(answer(columns, Array<unknown[]>(61).fill(['a', '1'])))).toBeNull();
  });

  it('draws nothing of texts, of numbers alone, or of nothing', () => {
    expect(
      guessChart(
        answer(
          [
            ['a', 'text'],
            ['b', 'text'],
          ],
          [['x', 'y']],
        ),
      ),
    ).toBeNull();
    expect(
      guessChart(
        answer(
          [
            ['a', 'integer'],
            ['b', 'integer'],
          ],
          [[1, 2]],
        ),
      ),
    ).toBeNull();
    expect(
      guessChart(
        answer(
          [
            ['a', 'date'],
            ['b', 'integer'],
          ],
          [],
        ),
      ),
    ).toBeNull();
  });
});

describe('chartData', () => {
  it('puts times in order, and leaves a gap where there is no number', () => {
    const rows = [
      ['2026-12-02T00:00:00Z', '2'],
      ['2026-12-01T00:00:00Z', null],
    ];
    const drawn = chartData(
      answer(
        [
          ['day', 'timestamptz'],
          ['failed', 'bigint'],
        ],
        rows,
      ),
      {
        kind: 'time',
        x: 'day',
        series: ['failed', 'gone'],
      },
    );
    expect(drawn).toEqual({
      xs: [1_764_547_200 + 31_536_000, 1_764_633_600 + 31_536_000],
      series: [{ label: 'failed', colour: '--chart-2', values: [null, 2] }],
    });
  });
});
