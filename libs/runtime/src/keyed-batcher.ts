import { Batcher, type BatcherLimits } from './batcher.js';

/** A batcher for each key, so that keys share neither batches nor `concurrency`. A key that has nothing to do takes no memory. */
export class KeyedBatcher<In, Out> {
  private readonly batchers = new Map<string, Batcher<In, Out>>();

  /** @param run does a batch, as that of {@link Batcher} */
  constructor(
    private readonly run: (batch: readonly In[]) => Promise<readonly Out[]>,
    private readonly limits: BatcherLimits,
  ) {}

  /** Keys that have something to do. */
  get size(): number {
    return this.batchers.size;
  }

  /** The result for this item, batched with others of its key. @throws what `run` throws */
  async add(key: string, item: In): Promise<Out> {
    const batcher = this.batchers.get(key) ?? new Batcher(this.run, this.limits);
    this.batchers.set(key, batcher);
    try {
      return await batcher.add(item);
    } finally {
      if (batcher.isIdle && this.batchers.get(key) === batcher) this.batchers.delete(key);
    }
  }
}
