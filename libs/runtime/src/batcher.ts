interface Pending<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (error: unknown) => void;
}

export interface BatcherLimits {
  /** Batches that may be under way at once. */
  concurrency: number;
  /** Items of one batch. */
  maxBatch: number;
  /** How long a batch waits for more items, ms, unless it is full before. Until the end of the event loop's turn unless given. */
  gatherMs?: number;
  /**
   * Failures after which the items of the batch are run one by one, so that only the culprit's caller gets the failure:
   * those that undid all of the batch. None unless given.
   */
  retrySinglyOn?: (error: unknown) => boolean;
  /**
   * A batch without an answer for so long, ms, no longer takes up a slot of `concurrency`: items that wait must not wait
   * for its deadline and then for their own. Never unless given.
   */
  releaseSlotAfterMs?: number;
}

/**
 * Batches concurrent calls: items that are added in one turn of the event loop, or while `concurrency` batches are under
 * way, share a batch. A single caller waits for the end of that turn only.
 */
export class Batcher<In, Out> {
  private readonly waiting: Pending<In, Out>[] = [];
  private underWay = 0;
  private isStarting = false;
  private gathering: NodeJS.Timeout | undefined;

  /** @param run does a batch and gives a result for each item, in the same order. A failure goes to all callers of the batch. */
  constructor(
    private readonly run: (batch: readonly In[]) => Promise<readonly Out[]>,
    private readonly limits: BatcherLimits,
  ) {}

  /** The result for this item. @throws what `run` throws */
  add(item: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** True: nothing waits, and nothing is under way. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.underWay === 0;
  }

  private schedule(): void {
    const { gatherMs, concurrency, maxBatch } = this.limits;
    if (this.underWay >= concurrency) return;
    if (gatherMs !== undefined && this.waiting.length >= maxBatch) this.start();
    else if (gatherMs !== undefined) this.gathering ??= setTimeout(() => this.start(), gatherMs);
    else if (!this.isStarting) {
      this.isStarting = true;
      // After the sockets that are readable in this turn: their requests belong to the same batch.
      setImmediate(() => {
        this.isStarting = false;
        this.start();
      });
    }
  }

  private start(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    while (this.waiting.length > 0 && this.underWay < this.limits.concurrency) {
      this.underWay += 1;
      void this.runBatch(this.waiting.splice(0, this.limits.maxBatch));
    }
  }

  private async runBatch(batch: readonly Pending<In, Out>[]): Promise<void> {
    let isCounted = true;
    const releaseSlot = (): void => {
      if (isCounted) this.underWay -= 1;
      isCounted = false;
    };
    const { releaseSlotAfterMs } = this.limits;
    const stall =
      releaseSlotAfterMs === undefined
        ? undefined
        : setTimeout(() => (releaseSlot(), this.start()), releaseSlotAfterMs);
    const ends = await this.resultsOf(batch.map(({ item }) => item));
    clearTimeout(stall);
    releaseSlot();
    for (const [at, { resolve, reject }] of batch.entries()) {
      const end = ends[at];
      if (end?.status === 'fulfilled') resolve(end.value);
      else reject(end?.reason);
    }
    // Items that still gather wait for no slot.
    if (this.gathering === undefined) this.start();
  }

  /** The result or failure of each item. Never throws. */
  private async resultsOf(items: readonly In[]): Promise<PromiseSettledResult<Out>[]> {
    let results: readonly Out[];
    try {
      results = await this.run(items);
    } catch (error) {
      if (items.length === 1 || this.limits.retrySinglyOn?.(error) !== true) return failed(items, error);
      return this.oneByOne(items);
    }
    if (results.length !== items.length) {
      return failed(items, new Error(`${results.length} results for ${items.length} items`));
    }
    return results.map((value) => ({ status: 'fulfilled', value }));
  }

  /** One item is at fault for the failure of the batch. Any other failure meanwhile, such as an outage, is that of all items left. */
  private async oneByOne(items: readonly In[]): Promise<PromiseSettledResult<Out>[]> {
    const ends: PromiseSettledResult<Out>[] = [];
    for (const [at, item] of items.entries()) {
      const [end] = await this.resultsOf([item]);
      if (end === undefined) break;
      if (end.status === 'rejected' && this.limits.retrySinglyOn?.(end.reason) !== true) {
        return [...ends, ...failed(items.slice(at), end.reason)];
      }
      ends.push(end);
    }
    return ends;
  }
}

function failed(items: readonly unknown[], reason: unknown): PromiseRejectedResult[] {
  return items.map(() => ({ status: 'rejected', reason }));
}
