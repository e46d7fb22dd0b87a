import { KeyedBatcher } from './keyed-batcher.js';

describe('KeyedBatcher', () => {
  it('batches the items of each key apart, and forgets a key that has nothing to do', async () => {
    const batches: number[][] = [];
    const batcher = new KeyedBatcher<number, number>(
      (batch) => {
        batches.push([...batch]);
        return Promise.resolve(batch.map((item) => item * 2));
      },
      { concurrency: 1, maxBatch: 10 },
    );
    const results = Promise.all([batcher.add('a', 1), batcher.add('b', 2), batcher.add('a', 3)]);
    expect(batcher.size).toBe(2);
    expect(await results).toEqual([2, 4, 6]);
    expect(batches).toEqual([[1, 3], [2]]);
    expect(batcher.size).toBe(0);
  });

  it('keeps a key whose other items are under way', async () => {
    const held: (() => void)[] = [];
    const batcher = new KeyedBatcher<number, number>(
      async (batch) => {
        await new Promise<void>((resolve) => held.push(resolve));
        return batch;
      },
      { concurrency: 2, maxBatch: 1 },
    );
    const both = [batcher.add('a', 1), batcher.add('a', 2)];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    held[0]?.();
    expect(await both[0]).toBe(1);
    expect(batcher.size).toBe(1);
    held[1]?.();
    expect(await both[1]).toBe(2);
    expect(batcher.size).toBe(0);
  });
});
