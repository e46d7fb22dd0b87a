import { LoadingCache } from './loading-cache.js';

describe('LoadingCache', () => {
  let now: number;
  let cache: LoadingCache<string>;
  let loaded: string[];
  beforeEach(() => {
    [now, loaded] = [0, []];
    cache = new LoadingCache({ max: 2, ttlMs: 1_000 }, () => now);
  });
  const get = (key: string): string | Promise<string> =>
    cache.get(key, () => {
      loaded.push(key);
      return Promise.resolve(`value of ${key}`);
    });

  it('loads each key once for a while', async () => {
    expect(await Promise.all([get('a'), get('b'), get('a')])).toEqual(['value of a', 'value of b', 'value of a']);
    expect(get('a')).toBe('value of a');
    now = 1_000;
    expect(await get('a')).toBe('value of a');
    expect(loaded).toEqual(['a', 'b', 'a']);
  });

  it('forgets the key that was asked for longest ago', async () => {
    for (const key of ['a', 'b', 'a', 'c']) await get(key);
    expect(get('a')).toBe('value of a');
    await get('b');
    expect(loaded).toEqual(['a', 'b', 'c', 'b']);
  });

  it('loads anew what was to be forgotten, even while a load is under way', async () => {
    const first = get('a');
    cache.delete('a');
    await Promise.all([first, get('a'), get('b')]);
    cache.clear();
    await get('b');
    expect(loaded).toEqual(['a', 'a', 'b', 'b']);
  });
});
