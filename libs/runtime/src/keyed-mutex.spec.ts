import { KeyedMutex } from './keyed-mutex.js';

/** Lets everything that is ready go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('KeyedMutex', () => {
  let mutex: KeyedMutex;
  let begun: string[];
  let ends: Map<string, (error?: Error) => void>;
  beforeEach(() => {
    [mutex, begun, ends] = [new KeyedMutex(), [], new Map()];
  });

  /** Work that notes its beginning and is ended by hand. */
  const run = (key: string, name: string): Promise<string> =>
    mutex.run(key, () => {
      begun.push(name);
      return new Promise((resolve, reject) =>
        ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
      );
    });

  it('does the work of a key one after the other, in the order of the calls', async () => {
    const all = Promise.all([run('a', 'one'), run('a', 'two'), run('a', 'three')]);
    await turn();
    expect(begun).toEqual(['one']);
    for (const name of ['one', 'two', 'three']) {
      ends.get(name)?.();
      await turn();
    }
    expect(await all).toEqual(['one', 'two', 'three']);
    expect([begun, mutex.isIdle]).toEqual([['one', 'two', 'three'], true]);
  });

  it('lets no key wait for another', async () => {
    const both = [run('a', 'one'), run('b', 'two')];
    await turn();
    expect(begun).toEqual(['one', 'two']);
    for (const end of ends.values()) end();
    await Promise.all(both);
  });

  it('goes on after a failure, which only its own caller gets', async () => {
    const failing = run('a', 'one');
    const next = run('a', 'two');
    await turn();
    ends.get('one')?.(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    await turn();
    ends.get('two')?.();
    expect(await next).toBe('two');
  });
});
