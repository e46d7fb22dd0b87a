import { describe, expect, it } from '@jest/globals';
import { Gatherer } from './batcher.js';

/** Doubles numbers, once it is let go on; notes what came together. */
function doubler(limits: { lanes: number; most: number }): {
  gatherer: Gatherer<number, number>;
  batches: number[][];
  go: () => void;
} {
  const batches: number[][] = [];
  const held: (() => void)[] = [];
  const gatherer = new Gatherer<number, number>(async (batch) => {
    batches.push([...batch]);
    await new Promise<void>((resolve) => held.push(resolve));
    return batch.map((item) => item * 2);
  }, limits);
  return { gatherer, batches, go: () => held.splice(0).forEach((resolve) => resolve()) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Gatherer', () => {
  it('does together what is asked for in one turn, and gives each its own result', async () => {
    const { gatherer, batches, go } = doubler({ lanes: 1, most: 10 });
    const results = Promise.all([1, 2, 3].map((item) => gatherer.add(item)));
    await turn();
    go();
    expect(await results).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('gathers what comes while all lanes are busy, up to the most a batch may have', async () => {
    const { gatherer, batches, go } = doubler({ lanes: 1, most: 2 });
    const first = gatherer.add(1);
    await turn();
    const rest = Promise.all([2, 3, 4].map((item) => gatherer.add(item)));
    await turn();
    expect(batches).toEqual([[1]]);
    go();
    expect(await first).toBe(2);
    await turn();
    go();
    await turn();
    go();
    expect(await rest).toEqual([4, 6, 8]);
    expect(batches).toEqual([[1], [2, 3], [4]]);
    expect(gatherer.isIdle).toBe(true);
  });

  it('has no more batches under way than lanes', async () => {
    const { gatherer, batches, go } = doubler({ lanes: 2, most: 1 });
    const all = Promise.all([1, 2, 3].map((item) => gatherer.add(item)));
    await turn();
    expect(batches).toEqual([[1], [2]]);
    go();
    await turn();
    expect(batches).toEqual([[1], [2], [3]]);
    go();
    expect(await all).toEqual([2, 4, 6]);
  });

  it('does not wait for a batch that gets no answer', async () => {
    const held: (() => void)[] = [];
    const batches: number[][] = [];
    const gatherer = new Gatherer<number, number>(
      async (batch) => {
        batches.push([...batch]);
        if (batch.includes(1)) await new Promise<void>((resolve) => held.push(resolve));
        return batch;
      },
      { lanes: 1, most: 10, stallMs: 5 },
    );
    const stuck = gatherer.add(1);
    await turn();
    expect(await Promise.all([gatherer.add(2), gatherer.add(3)])).toEqual([2, 3]);
    held[0]?.();
    expect(await stuck).toBe(1);
    expect([batches, gatherer.isIdle]).toEqual([[[1], [2, 3]], true]);
  });

  it('tells a failure to those whose batch it was, and goes on', async () => {
    let calls = 0;
    const gatherer = new Gatherer<number, number>(
      (batch) => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(batch);
      },
      { lanes: 1, most: 10 },
    );
    const failed = await Promise.allSettled([gatherer.add(1), gatherer.add(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await gatherer.add(3)).toBe(3);
  });

  it('does one by one what failed together, so that only the culprit is told', async () => {
    const batches: number[][] = [];
    const gatherer = new Gatherer<number, number>(
      (batch) => {
        batches.push([...batch]);
        return batch.includes(2) ? Promise.reject(new Error('a two')) : Promise.resolve(batch);
      },
      { lanes: 1, most: 10, splitsOn: (error) => (error as Error).message === 'a two' },
    );
    const ends = await Promise.allSettled([1, 2, 3].map((item) => gatherer.add(item)));
    expect(ends).toMatchObject([{ value: 1 }, { reason: { message: 'a two' } }, { value: 3 }]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('does not do anew what failed in another way, nor what gave too few results', async () => {
    let calls = 0;
    const failing = new Gatherer<number, number>(
      (batch) => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(batch.slice(1));
      },
      { lanes: 1, most: 10, splitsOn: (error) => (error as Error).message !== 'away' },
    );
    const both = (): Promise<PromiseSettledResult<number>[]> => Promise.allSettled([failing.add(1), failing.add(2)]);
    expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(2);
  });

  it('is idle by the time the last of its callers is told', async () => {
    const gatherer = new Gatherer<number, number>((batch) => Promise.resolve(batch), { lanes: 1, most: 10 });
    await gatherer.add(1);
    expect(gatherer.isIdle).toBe(true);
  });

  it('does not take a result for another: a batch that gives too few fails', async () => {
    const gatherer = new Gatherer<number, number>(() => Promise.resolve([]), { lanes: 1, most: 10 });
    await expect(gatherer.add(1)).rejects.toThrow('0 results for 1 items');
  });
});
