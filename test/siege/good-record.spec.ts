import { GoodRecord, percentile } from './good-record.js';

describe('what the good client sees', () => {
  it('is counted anew in each span of time, but for hooks that are still owed', () => {
    const record = new GoodRecord();
    record.hookExpected('1');
    record.hookExpected('2');
    record.answered('fetch', 10, null);
    record.answered('submit', 30, 'submit: 503');
    record.hookArrived('1', 250);
    expect(record.take()).toMatchObject({
      requests: 2,
      refusals: 1,
      examples: ['submit: 503'],
      slowest: 'submit 30 ms',
      hookP95: 250,
      hooks: 1,
      hooksOwed: 1,
    });
    expect(record.take()).toMatchObject({ requests: 0, refusals: 0, examples: [], hooks: 0, hooksOwed: 1 });
  });

  it('counts a hook once, however often it comes', () => {
    const record = new GoodRecord();
    record.hookExpected('1');
    record.hookArrived('1', 100);
    record.hookArrived('1', 9_000);
    expect(record.take()).toMatchObject({ hooks: 1, hookP95: 100 });
  });

  it.each<[number[], number, number]>([
    [[], 0.99, 0],
    [[5], 0.99, 5],
    [[3, 1, 2], 0.5, 2],
    [Array.from({ length: 100 }, (_, at) => at + 1), 0.99, 99],
  ])('percentile of %j at %d', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });
});
