import { describe, expect, it } from '@jest/globals';
import { Batcher, type BatcherLimits } from './batcher.js';

/** Doubles numbers, once it is let go on; notes what came together. */
function doubler(limits: BatcherLimits): {
  batcher: Batcher<number, number>;
  batches: number[][];
  go: () => void;
} {
  const batches: number[][] = [];
  const held: (() => void)[] = [];
  const batcher = new Batcher<number, number>(async (batch) => {
    batches.push([...batch]);
    await new Promise<void>((resolve) => held.push(resolve));
    return batch.map((item) => item * 2);
  }, limits);
  return { batcher, batches, go: () => held.splice(0).forEach((resolve) => resolve()) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('Batcher', () => {
  it('batches the items of one turn, and gives each caller its own result', async () => {
    const { batcher, batches, go } = doubler({ concurrency: 1, maxBatch: 10 });
    const results = Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    await turn();
    go();
    expect(await results).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('batches what comes while all slots are taken, up to maxBatch', async () => {
    const { batcher, batches, go } = doubler({ concurrency: 1, maxBatch: 2 });
    const first = batcher.add(1);
    await turn();
    const rest = Promise.all([2, 3, 4].map((item) => batcher.add(item)));
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
    expect(batcher.isIdle).toBe(true);
  });

  it('has no more batches under way than its concurrency', async () => {
    const { batcher, batches, go } = doubler({ concurrency: 2, maxBatch: 1 });
    const all = Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    await turn();
    expect(batches).toEqual([[1], [2]]);
    go();
    await turn();
    expect(batches).toEqual([[1], [2], [3]]);
    go();
    expect(await all).toEqual([2, 4, 6]);
  });

  it('releases the slot of a batch that gets no answer', async () => {
    const held: (() => void)[] = [];
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>(
      async (batch) => {
        batches.push([...batch]);
        if (batch.includes(1)) await new Promise<void>((resolve) => held.push(resolve));
        return batch;
      },
      { concurrency: 1, maxBatch: 10, releaseSlotAfterMs: 5 },
    );
    const stuck = batcher.add(1);
    await turn();
    expect(await Promise.all([batcher.add(2), batcher.add(3)])).toEqual([2, 3]);
    held[0]?.();
    expect(await stuck).toBe(1);
    expect([batches, batcher.isIdle]).toEqual([[[1], [2, 3]], true]);
  });

  it('tells a failure to those whose batch it was, and goes on', async () => {
    let calls = 0;
    const batcher = new Batcher<number, number>(
      (batch) => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(batch);
      },
      { concurrency: 1, maxBatch: 10 },
    );
    const failed = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await batcher.add(3)).toBe(3);
  });

  it('retries singly what failed together, so that only the culprit fails', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>(
      (batch) => {
        batches.push([...batch]);
        return batch.includes(2) ? Promise.reject(new Error('a two')) : Promise.resolve(batch);
      },
      { concurrency: 1, maxBatch: 10, retrySinglyOn: (error) => (error as Error).message === 'a two' },
    );
    const ends = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    expect(ends).toMatchObject([{ value: 1 }, { reason: { message: 'a two' } }, { value: 3 }]);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('does not do anew what failed in another way, nor what gave too few results', async () => {
    let calls = 0;
    const failing = new Batcher<number, number>(
      (batch) => {
        calls += 1;
        return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(batch.slice(1));
      },
      { concurrency: 1, maxBatch: 10, retrySinglyOn: (error) => (error as Error).message !== 'away' },
    );
    const both = (): Promise<PromiseSettledResult<number>[]> => Promise.allSettled([failing.add(1), failing.add(2)]);
    expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await both()).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toBe(2);
  });

  it('gathers for a while where it is told to, unless a batch is full before', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'] });
    const { batcher, batches, go } = doubler({ concurrency: Infinity, maxBatch: 2, gatherMs: 5 });
    const full = Promise.all([batcher.add(1), batcher.add(2)]);
    expect(batches).toEqual([[1, 2]]);
    const rest = batcher.add(3);
    await turn();
    // The end of another batch does not end the gathering.
    go();
    expect(await full).toEqual([2, 4]);
    expect(batches).toEqual([[1, 2]]);
    jest.advanceTimersByTime(5);
    jest.useRealTimers();
    while (batches.length < 2) await turn();
    go();
    expect(await rest).toBe(6);
    expect([batches, batcher.isIdle]).toEqual([[[1, 2], [3]], true]);
  });

  it('is idle by the time the last of its callers is told', async () => {
    const batcher = new Batcher<number, number>((batch) => Promise.resolve(batch), { concurrency: 1, maxBatch: 10 });
    await batcher.add(1);
    expect(batcher.isIdle).toBe(true);
  });

  it('does not take a result for another: a batch that gives too few fails', async () => {
    const batcher = new Batcher<number, number>(() => Promise.resolve([]), { concurrency: 1, maxBatch: 10 });
    await expect(batcher.add(1)).rejects.toThrow('0 results for 1 items');
  });
});
