import type { Figure } from './figures.js';
import { jsonOf, numberText, tableOf } from './table.js';

const FIGURE: Figure = {
  row: 'fetch',
  ours: 5_123.4,
  floor: 6_000,
  ratio: 0.8539,
  cpuRatio: 0.71,
  unit: 'requests/s',
  rounds: 5,
  reach: '≥ 0.80',
  holds: true,
  note: 'the CPU',
};
const FACTS = {
  date: '2026-11-22',
  cores: 2,
  cpu: 'some CPU',
  node: '20.20.2',
  postgres: 'PostgreSQL 18.4',
  command: 'npm run bench',
  loadBefore: 0.25,
};

describe('the table', () => {
  it('has a line per figure, with the floor beside it', () => {
    const lines = tableOf([FIGURE], FACTS).split('\n');
    expect(lines[0]).toContain(
      '2026-11-22: 2 cores (some CPU), Node 20.20.2, PostgreSQL 18.4, load before the run 0.3',
    );
    expect(lines.at(-1)).toBe(
      '| fetch | 5,123 requests/s | 6,000 requests/s | 0.85 | 0.71 | ≥ 0.80 | reached | 5 | the CPU |',
    );
  });

  it('shows what is missed, and what there is no floor for', () => {
    const text = tableOf([{ ...FIGURE, holds: false, floor: null, ratio: null, cpuRatio: null }], FACTS);
    expect(text).toContain('| – | – | – | ≥ 0.80 | **missed** |');
  });
});

describe('the JSON', () => {
  it('has the agreed fields', () => {
    expect(JSON.parse(jsonOf([FIGURE]))).toEqual([
      { row: 'fetch', ours: 5_123.4, floor: 6_000, ratio: 0.8539, unit: 'requests/s', rounds: 5 },
    ]);
  });
});

describe('a number', () => {
  it.each([
    [12_345.6, '12,346'],
    [99.44, '99.4'],
    [0.1234, '0.12'],
    [2, '2'],
    [Infinity, '–'],
  ])('%d is shown as %s', (value, text) => expect(numberText(value)).toBe(text));
});
