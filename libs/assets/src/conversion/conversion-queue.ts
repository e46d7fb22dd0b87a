export interface QueueLimits {
  /** Pieces of work at once. */
  running: number;
  /** Further ones that wait. */
  waiting: number;
  /** Of those the ones of one asker. */
  waitingOfOne: number;
  /** How long one waits, ms. */
  waitMs: number;
}

interface Waiter {
  asker: string;
  begin: (mayBegin: boolean) => void;
}

/**
 * A few pieces of work at once and a short queue behind them; what finds no place is refused, not put off. The next one
 * is the first of those whose asker has none running, so that many wishes of one do not hold up another's.
 */
export class ConversionQueue {
  private readonly running: string[] = [];
  private readonly waiters: Waiter[] = [];
  private isClosed = false;

  constructor(private readonly limits: QueueLimits) {}

  get counts(): { running: number; waiting: number } {
    return { running: this.running.length, waiting: this.waiters.length };
  }

  /** The work's result; null when there is no place, or none became free in time, and then the work was not begun. */
  async run<T>(asker: string, work: () => Promise<T>): Promise<T | null> {
    if (this.isClosed || !(await this.enter(asker))) return null;
    try {
      return await work();
    } finally {
      this.running.splice(this.running.indexOf(asker), 1);
      this.beginNext();
    }
  }

  /** Begins nothing more; what waits is refused. */
  close(): void {
    this.isClosed = true;
    for (const { begin } of this.waiters.splice(0)) begin(false);
  }

  /** On true a place is taken. */
  private enter(asker: string): Promise<boolean> {
    const { running, waiting, waitingOfOne, waitMs } = this.limits;
    if (this.running.length < running) {
      this.running.push(asker);
      return Promise.resolve(true);
    }
    const own = this.waiters.filter((waiter) => waiter.asker === asker).length;
    if (this.waiters.length >= waiting || own >= waitingOfOne) return Promise.resolve(false);
    return new Promise<boolean>((resolve) => {
      const waiter = {
        asker,
        begin: (mayBegin: boolean): void => {
          clearTimeout(timer);
          resolve(mayBegin);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        resolve(false);
      }, waitMs);
      this.waiters.push(waiter);
    });
  }

  private beginNext(): void {
    const fair = this.waiters.findIndex(({ asker }) => !this.running.includes(asker));
    const [next] = this.waiters.splice(Math.max(0, fair), 1);
    if (next === undefined) return;
    this.running.push(next.asker);
    next.begin(true);
  }
}
