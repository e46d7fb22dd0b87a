import { DEFAULT_RETRY_SCHEDULE, retryDelay } from './retry-schedule.js';

describe('retryDelay', () => {
  it('follows the schedule, then gives up', () => {
    const delays = Array.from({ length: 10 }, (_, index) => retryDelay(index + 1, 0.5));
    expect(delays).toEqual([...DEFAULT_RETRY_SCHEDULE.map((seconds) => seconds * 1_000), null]);
  });

  it('stays within 20 % of it', () => {
    expect(retryDelay(2, 0)).toBe(24_000);
    expect(retryDelay(2, 0.999999)).toBe(36_000);
  });

  it('takes another schedule', () => {
    expect(retryDelay(1, 0.5, [0.05])).toBe(50);
    expect(retryDelay(2, 0.5, [0.05])).toBeNull();
    expect(retryDelay(1, 0.5, [])).toBeNull();
  });
});
