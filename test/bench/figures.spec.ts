import { bound, compare, median, percentile } from './figures.js';

describe('median', () => {
  it('is the middle one, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('of nothing is a mistake', () => {
    expect(() => median([])).toThrow('nothing');
  });
});

describe('percentile', () => {
  it('leaves its share below it', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect(percentile(values, 0.99)).toBe(100);
    expect(percentile(values, 0.5)).toBe(51);
    expect(percentile([7], 0.99)).toBe(7);
  });
});

describe('a row beside its floor', () => {
  const cost = { ours: { serverUs: 150, postgresUs: 50 }, floor: { serverUs: 80, postgresUs: 40 } };
  const terms = { row: 'fetch', unit: 'requests/s', atLeast: 0.8, note: '' };

  it('compares each round with its neighbour', () => {
    const rounds = { ours: [80, 40, 800], floor: [100, 50, 900], cost };
    expect(compare(rounds, terms)).toMatchObject({ ours: 80, floor: 100, ratio: 0.8, rounds: 3, holds: true });
  });

  it('compares the CPU of one unit of work, PostgreSQL included', () => {
    const figure = compare({ ours: [1], floor: [1], cost }, terms);
    expect(figure.cpuRatio).toBeCloseTo(0.6);
    expect(figure.note).toContain('gateway 150 beside 80 µs, PostgreSQL 50 beside 40 µs');
  });

  it('says what is missed', () => {
    expect(compare({ ours: [79], floor: [100], cost }, terms)).toMatchObject({
      ratio: 0.79,
      holds: false,
      reach: '≥ 0.80',
    });
  });
});

describe('a row with a bound', () => {
  it('holds up to it', () => {
    const line = { row: 'idle', unit: 'MB', rounds: 1, note: '', atMost: 160 };
    expect(bound({ ...line, ours: 160 })).toMatchObject({ holds: true, reach: '≤ 160', floor: null, ratio: null });
    expect(bound({ ...line, ours: 160.1 })).toMatchObject({ holds: false });
  });
});
