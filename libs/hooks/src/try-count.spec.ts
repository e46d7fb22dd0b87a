import { TryCount } from './try-count.js';

describe('TryCount', () => {
  it('counts tries in all and by host', () => {
    const tries = new TryCount();
    for (const host of ['a', 'a', 'b']) tries.begin(host);
    expect([tries.total, tries.of('a'), tries.of('b'), tries.of('c')]).toEqual([3, 2, 1, 0]);
    tries.end('a', 0);
    tries.end('b', 0);
    expect([tries.total, tries.of('a'), tries.of('b'), [...tries.hosts]]).toEqual([1, 1, 0, ['a']]);
  });

  it('remembers which hosts are quick, until one is not', () => {
    const tries = new TryCount();
    for (const host of ['a', 'b']) tries.begin(host);
    expect(tries.slow).toBe(2);
    tries.note('a', true);
    expect([tries.slow, [...tries.quickHosts]]).toEqual([1, ['a']]);
    tries.end('a', 0);
    expect([...tries.quickHosts]).toEqual(['a']);
    tries.note('a', false);
    expect([...tries.quickHosts]).toEqual([]);
  });

  it('remembers those that answered last, and no more than 64', () => {
    const tries = new TryCount();
    for (let n = 0; n < 64; n += 1) tries.note(`h${n}`, true);
    tries.note('h0', true);
    tries.note('new', true);
    expect(tries.quickHosts.size).toBe(64);
    expect(['h0', 'h1', 'new'].map((host) => tries.quickHosts.has(host))).toEqual([true, false, true]);
  });

  it('knows whether the tries of a host have been ending', () => {
    const tries = new TryCount();
    for (const host of ['a', 'a', 'b']) tries.begin(host);
    expect(tries.isMoving('a', 1_000)).toBe(false);
    tries.end('a', 1_000);
    expect([tries.isMoving('a', 1_249), tries.isMoving('a', 1_250), tries.isMoving('b', 1_000)]).toEqual([
      true,
      false,
      false,
    ]);
    tries.end('a', 1_000);
    expect(tries.isMoving('a', 1_000)).toBe(false);
  });
});
