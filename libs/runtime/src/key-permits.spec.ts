import { KeyPermits, PermitRefusedError, type PermitLimits, type PermitWait } from './key-permits.js';

const LIMITS: PermitLimits = { total: 3, perKey: 2, waitersPerKey: 2, waitMs: 1_000 };

describe('permits with a share for each key', () => {
  let permits: KeyPermits;
  let order: string[];
  beforeEach(() => {
    jest.useFakeTimers();
    permits = new KeyPermits(LIMITS);
    order = [];
  });
  afterEach(() => jest.useRealTimers());

  /** Asks for a permit; `end` gives it back. */
  function ask(key: string, wait?: PermitWait): { end: () => void; refusal: Promise<string | null> } {
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    const done = permits.run(key, () => (order.push(key), held), wait);
    const refusal = done.then(
      () => null,
      (error: unknown) => (error as PermitRefusedError).reason,
    );
    return { end, refusal };
  }
  const settle = (): Promise<void> => jest.advanceTimersByTimeAsync(0).then(() => undefined);

  it('lets a key hold its share and no more, whatever is free', async () => {
    const asked = ['a', 'a', 'a'].map((key) => ask(key));
    await settle();
    expect(order).toEqual(['a', 'a']);
    expect([permits.held, permits.waiting]).toEqual([2, 1]);
    ask('b');
    await settle();
    expect(order).toEqual(['a', 'a', 'b']);
    asked[0]?.end();
    await settle();
    expect(order).toEqual(['a', 'a', 'b', 'a']);
  });

  it('serves the keys that wait in turn', async () => {
    const first = ['x', 'x', 'y'].map((key) => ask(key));
    for (const key of ['a', 'a', 'b', 'c']) ask(key);
    for (const { end } of first) {
      end();
      await settle();
    }
    expect(order).toEqual(['x', 'x', 'y', 'a', 'b', 'c']);
  });

  it('refuses who is one too many of a key at once, and the one that waited for too long', async () => {
    const asked = ['a', 'a', 'a', 'a', 'a'].map((key) => ask(key));
    expect(await asked[4]?.refusal).toBe('key');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await asked[3]?.refusal).toBe('key');
    expect(permits.waiting).toBe(0);
    expect(permits.refused).toEqual({ key: 3, all: 0, gone: 0 });
  });

  it('says whose fault a wait was', async () => {
    for (const key of ['a', 'a', 'b']) ask(key);
    const other = ask('c');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(await other.refusal).toBe('all');
  });

  it('waits no longer for who has left, and gives the turn on', async () => {
    const gone = new AbortController();
    const held = ['a', 'a'].map((key) => ask(key));
    const left = ask('a', { signal: gone.signal });
    const next = ask('a');
    gone.abort();
    expect(await left.refusal).toBe('gone');
    held[0]?.end();
    await settle();
    expect(order).toEqual(['a', 'a', 'a']);
    next.end();
    expect(await ask('a', { signal: gone.signal }).refusal).toBe('gone');
  });

  it('has what has begun wait beside as many as there are', async () => {
    const held = ['a', 'a', 'a', 'a'].map((key) => ask(key));
    const further = ask('a', { isContinuation: true, waitMs: 10_000 });
    await jest.advanceTimersByTimeAsync(5_000);
    for (const { end } of held) end();
    await settle();
    further.end();
    expect(await further.refusal).toBeNull();
  });

  it('has nothing left when all have ended, however they did', async () => {
    const failing = permits.run('a', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    const all = ['a', 'a', 'b', 'a', 'c'].map((key) => ask(key));
    for (const { end } of all) end();
    await settle();
    expect([permits.held, permits.waiting]).toEqual([0, 0]);
    const release = await permits.acquire('a');
    release();
    release();
    expect(permits.held).toBe(0);
  });
});
