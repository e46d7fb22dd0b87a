import { WatcherQuota } from './watcher-quota.js';

describe('the permits of a key', () => {
  it('are 100, apart from those of other keys', () => {
    const quota = new WatcherQuota();
    const taken = Array.from({ length: 100 }, () => quota.acquire('1'));
    expect(taken.every((leave) => leave !== null)).toBe(true);
    expect(quota.acquire('1')).toBeNull();
    expect(quota.acquire('2')).not.toBeNull();
  });

  it('are free again once released, each once', () => {
    const quota = new WatcherQuota();
    const [first] = Array.from({ length: 100 }, () => quota.acquire('1'));
    first?.();
    first?.();
    expect(quota.acquire('1')).not.toBeNull();
    expect(quota.acquire('1')).toBeNull();
  });
});
