import { trendOf, type Sample } from './trend.js';

const MINUTE = 60_000;
const sample = (minute: number, rss: number): Sample => ({
  at: minute * MINUTE,
  rss,
  descriptors: 40,
  threads: 12,
  deadRows: 0,
});

describe('the trend of a figure', () => {
  it('is its slope per hour, without the warm-up', () => {
    const samples = [sample(0, 10), sample(10, 900), sample(20, 100), sample(50, 130), sample(80, 160)];
    expect(trendOf(samples, ({ rss }) => rss, 20 * MINUTE)).toEqual({
      perHour: expect.closeTo(60, 6) as number,
      first: 100,
      last: 160,
      largest: 160,
    });
  });

  it('is nothing where nothing changes', () => {
    expect(trendOf([sample(0, 5), sample(60, 5)], ({ rss }) => rss, 0).perHour).toBe(0);
  });

  it('is not told of less than two samples', () => {
    expect(() => trendOf([sample(0, 5), sample(1, 5)], ({ rss }) => rss, MINUTE)).toThrow('too few samples');
  });
});
