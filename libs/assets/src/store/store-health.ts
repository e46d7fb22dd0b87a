import { Logger } from '@nestjs/common';
import { errorCode } from './error-code.js';
import type { ImageStore } from './image-store.js';

/** Something that could not be written into the store or beside it: its disk is full, read-only, away. */
export class StoreWriteError extends Error {
  override readonly name = 'StoreWriteError';

  constructor(cause: unknown) {
    super('the picture store cannot be written to', { cause });
  }
}

/**
 * Whether the picture store can be written to. Whoever fails to tells it; it then tries by itself until it works again.
 * Meanwhile nothing is fetched in vain, and pictures are passed on from where they come.
 */
export class StoreHealth {
  private readonly log = new Logger(StoreHealth.name);
  private failedAt: number | null = null;
  private why = '';
  private readonly recoveries: (() => void)[] = [];

  constructor(
    private readonly store: ImageStore,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isWritable(): boolean {
    return this.failedAt === null;
  }

  /** For people: it names no path. Null: nothing is wrong. */
  get problem(): string | null {
    return this.isWritable ? null : `the picture store cannot be written to (${this.why})`;
  }

  /** Calls back when it can be written to again. */
  onRecovery(listener: () => void): void {
    this.recoveries.push(listener);
  }

  /** Writes into the store. @throws StoreWriteError */
  async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failed(error);
      throw new StoreWriteError(error);
    }
  }

  /** Something could not be written. */
  failed(error: unknown): void {
    if (!this.isWritable) return;
    this.failedAt = this.now();
    this.why = codeOf(error);
    this.log.error({ alarm: 'pictures cannot be kept', why: this.why, store: this.store.location });
  }

  /** Tries whether it can be written to. Never throws. */
  async check(): Promise<void> {
    try {
      await this.store.probe(!this.isWritable);
    } catch (error) {
      return this.failed(error);
    }
    if (this.failedAt === null) return;
    const seconds = Math.round((this.now() - this.failedAt) / 1_000);
    this.failedAt = null;
    this.log.log(`pictures can be kept again, after ${seconds} s`);
    for (const recovered of this.recoveries) recovered();
  }
}

/** The class of a failure: `ENOSPC` full, `EROFS` read-only, `EMFILE` no descriptor, or the name of what a bucket said. */
function codeOf(error: unknown): string {
  const inner = error instanceof StoreWriteError ? error.cause : error;
  return errorCode(inner) || (inner instanceof Error ? inner.name : 'unknown');
}
