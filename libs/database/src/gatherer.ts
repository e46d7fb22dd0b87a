interface Pending<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

export interface GathererLimits {
  /** Batches that may be under way at once. */
  lanes: number;
  /** Items of one batch. */
  most: number;
}

/**
 * Does the work of many callers in few statements: what is asked for in one turn of the event loop, or while all lanes are
 * busy, goes together. A caller on its own waits for nothing but the end of that turn.
 */
export class Gatherer<In, Out> {
  private readonly waiting: Pending<In, Out>[] = [];
  private underWay = 0;
  private isStarting = false;

  /** @param run does a batch; gives a result for each item, in the same order. What it throws, all of the batch are told. */
  constructor(
    private readonly run: (batch: readonly In[]) => Promise<readonly Out[]>,
    private readonly limits: GathererLimits,
  ) {}

  /** The result for this item. @throws what `run` throws */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (this.isStarting || this.underWay >= this.limits.lanes) return;
      this.isStarting = true;
      // After the sockets that are readable in this turn: their requests are part of the same batch.
      setImmediate(() => {
        this.isStarting = false;
        this.start();
      });
    });
  }

  /** True: nothing waits, and nothing is under way. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.underWay === 0;
  }

  private start(): void {
    while (this.waiting.length > 0 && this.underWay < this.limits.lanes) {
      this.underWay += 1;
      void this.settle(this.waiting.splice(0, this.limits.most));
    }
  }

  private async settle(batch: readonly Pending<In, Out>[]): Promise<void> {
    try {
      const results = await this.run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error(`${results.length} results for ${batch.length} items`);
      results.forEach((result, at) => batch[at]?.resolve(result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.underWay -= 1;
      this.start();
    }
  }
}
