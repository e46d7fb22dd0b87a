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
  /**
   * After what failures of a batch its items are done one by one, so that only the culprit is told: failures that undid
   * all of the batch. None unless given.
   */
  splitsOn?: (error: unknown) => boolean;
  /**
   * A batch without an answer for so long, ms, no longer takes up a lane: those who wait must not wait for its deadline and
   * then for their own. Never unless given.
   */
  stallMs?: number;
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
    let isCounted = true;
    const free = (): void => {
      if (isCounted) this.underWay -= 1;
      isCounted = false;
    };
    const { stallMs } = this.limits;
    const stall = stallMs === undefined ? undefined : setTimeout(() => (free(), this.start()), stallMs);
    const ends = await this.endsOf(batch.map(({ item }) => item));
    clearTimeout(stall);
    free();
    for (const [at, { resolve, reject }] of batch.entries()) {
      const end = ends[at];
      if (end?.status === 'fulfilled') resolve(end.value);
      else reject(end?.reason);
    }
    this.start();
  }

  /** How it ended for each item. Never throws. */
  private async endsOf(items: readonly In[]): Promise<PromiseSettledResult<Out>[]> {
    let results: readonly Out[];
    try {
      results = await this.run(items);
    } catch (error) {
      if (items.length === 1 || this.limits.splitsOn?.(error) !== true) return failed(items, error);
      return this.oneByOne(items);
    }
    if (results.length !== items.length) {
      return failed(items, new Error(`${results.length} results for ${items.length} items`));
    }
    return results.map((value) => ({ status: 'fulfilled', value }));
  }

  /** What undid the batch is one item's fault. Any other failure meanwhile, such as an outage, is that of all that are left. */
  private async oneByOne(items: readonly In[]): Promise<PromiseSettledResult<Out>[]> {
    const ends: PromiseSettledResult<Out>[] = [];
    for (const [at, item] of items.entries()) {
      const [end] = await this.endsOf([item]);
      if (end === undefined) break;
      if (end.status === 'rejected' && this.limits.splitsOn?.(end.reason) !== true) {
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
