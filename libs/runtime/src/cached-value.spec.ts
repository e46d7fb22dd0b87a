import { CachedValue } from './cached-value.js';

describe('CachedValue', () => {
  let now: number;
  let cache: CachedValue<string>;
  let loads: number;
  beforeEach(() => {
    [now, loads] = [0, 0];
    cache = new CachedValue(1_000, () => now);
  });
  const load = (): Promise<string> => Promise.resolve(`load ${(loads += 1)}`);

  it('shares a load, knows its value for a while, and loads anew after that', async () => {
    expect(await Promise.all([cache.get(load), cache.get(load)])).toEqual(['load 1', 'load 1']);
    now = 999;
    expect(cache.get(load)).toBe('load 1');
    now = 1_000;
    expect(await cache.get(load)).toBe('load 2');
  });

  it('counts the time from when the load began', async () => {
    let end!: (value: string) => void;
    const late = cache.get(() => new Promise((resolve) => (end = resolve)));
    now = 1_000;
    end('late');
    expect(await late).toBe('late');
    expect(await cache.get(load)).toBe('load 1');
  });

  it('knows what is undefined or null', async () => {
    const nothing = new CachedValue<null>(1_000, () => now);
    expect(await nothing.get(() => Promise.resolve(null))).toBeNull();
    expect(nothing.get(() => Promise.reject(new Error('not to be asked')))).toBeNull();
  });

  it('gives a failure to all who share the load, and does not remember it', async () => {
    const fail = (): Promise<string> => Promise.reject(new Error('away'));
    const both = await Promise.allSettled([cache.get(fail), cache.get(load)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.get(load)).toBe('load 1');
  });

  it('is not emptied by a load that began before the newest and fails after it', async () => {
    let fail!: (error: Error) => void;
    const old = cache.get(() => new Promise((_, reject) => (fail = reject)));
    now = 1_000;
    expect(await cache.get(load)).toBe('load 1');
    fail(new Error('away'));
    await expect(old).rejects.toThrow('away');
    expect(cache.get(load)).toBe('load 1');
  });
});
