import { WatcherQuota } from './watcher-quota.js';

describe('the permits of a key', () => {
  it('are 100, apart from those of other keys', () => {
    const seats = new WatcherQuota();
    const taken = Array.from({ length: 100 }, () => seats.acquire('1'));
    expect(taken.every((leave) => leave !== null)).toBe(true);
    expect(seats.acquire('1')).toBeNull();
    expect(seats.acquire('2')).not.toBeNull();
  });

  it('are free again once released, each once', () => {
    const seats = new WatcherQuota();
    const [first] = Array.from({ length: 100 }, () => seats.acquire('1'));
    first?.();
    first?.();
    expect(seats.acquire('1')).not.toBeNull();
    expect(seats.acquire('1')).toBeNull();
  });
});
