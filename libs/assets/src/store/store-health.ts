import { Logger } from '@nestjs/common';
import { errorCode } from './error-code.js';
import type { ImageStore } from './image-store.js';

/** A write into the store, or into its scratch folder, failed: the disk is full, read-only or away. */
export class StoreWriteError extends Error {
  override readonly name = 'StoreWriteError';

  constructor(cause: unknown) {
    super('the picture store cannot be written to', { cause });
  }
}

/**
 * Whether the picture store can be written to. A failed write is reported here; a job then probes the store until a write
 * works again. Meanwhile no picture is fetched to be kept, and pictures are proxied from their origin.
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

  /** Whether the last write or probe worked. */
  get isWritable(): boolean {
    return this.failedAt === null;
  }

  /** The fault, in words that name no path; null: none. */
  get problem(): string | null {
    return this.isWritable ? null : `the picture store cannot be written to (${this.why})`;
  }

  /** Calls `listener` when the store can be written to again. */
  onRecovery(listener: () => void): void {
    this.recoveries.push(listener);
  }

  /** Does work that writes into the store. @throws StoreWriteError when it fails */
  async write<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.failed(error);
      throw new StoreWriteError(error);
    }
  }

  /** Records a failed write. */
  failed(error: unknown): void {
    if (!this.isWritable) return;
    this.failedAt = this.now();
    this.why = codeOf(error);
    this.log.error({ alarm: 'pictures cannot be kept', why: this.why, store: this.store.location });
  }

  /** Probes whether the store can be written to. Never throws. */
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

/** The class of a failure: `ENOSPC` full, `EROFS` read-only, `EMFILE` no descriptor, or the name of a bucket's error. */
function codeOf(error: unknown): string {
  const inner = error instanceof StoreWriteError ? error.cause : error;
  return errorCode(inner) || (inner instanceof Error ? inner.name : 'unknown');
}
