import { Logger } from '@nestjs/common';
import { logFailure } from '#libs/database';

/** Work that a tick has started and does not wait for; shutdown does. */
export class WorkTracker {
  private readonly running = new Set<Promise<void>>();
  private readonly log: Logger;
  private closed = false;

  constructor(owner: string) {
    this.log = new Logger(owner);
  }

  /** How many pieces of work are under way. */
  get size(): number {
    return this.running.size;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Starts work unless shutdown has begun. A failure is logged, an outage of Postgres once for all, and ends nothing else. */
  start(work: () => Promise<void>): void {
    if (this.closed) return;
    const promise: Promise<void> = work()
      .catch((error: unknown) => logFailure(this.log, 'a round failed', error))
      .finally(() => this.running.delete(promise));
    this.running.add(promise);
  }

  /** Starts nothing more and waits for what is under way. */
  async drain(): Promise<void> {
    this.closed = true;
    await Promise.all(this.running);
  }
}
