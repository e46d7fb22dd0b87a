export interface QueueLimits {
  /** Conversions at a time. */
  running: number;
  /** Conversions that wait. */
  waiting: number;
  /** Conversions of one asker that wait. */
  waitingOfOne: number;
  /** How long a conversion waits, ms. */
  waitMs: number;
}

interface Waiter {
  asker: string;
  begin: (mayBegin: boolean) => void;
}

/**
 * Limits concurrent conversions, with a short queue; a conversion that finds the queue full is refused at once. The next
 * one to run is the oldest whose asker has none running, so that many requests of one asker do not delay another's.
 */
export class ConversionQueue {
  private readonly running: string[] = [];
  private readonly waiters: Waiter[] = [];
  private isClosed = false;

  constructor(private readonly limits: QueueLimits) {}

  /** Conversions that run, and that wait. */
  get counts(): { running: number; waiting: number } {
    return { running: this.running.length, waiting: this.waiters.length };
  }

  /** Runs work and gives its result; null: the queue was full, or the wait too long, and the work was not begun. */
  async run<T>(asker: string, work: () => Promise<T>): Promise<T | null> {
    if (this.isClosed || !(await this.enter(asker))) return null;
    try {
      return await work();
    } finally {
      this.running.splice(this.running.indexOf(asker), 1);
      this.beginNext();
    }
  }

  /** Begins nothing more and refuses the work that waits. */
  close(): void {
    this.isClosed = true;
    for (const { begin } of this.waiters.splice(0)) begin(false);
  }

  /** Waits for a turn; true: it is taken, and is to be given back. */
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
