/**
 * A semaphore of bytes. Permits are granted in the order of the requests, so that a large request is not starved by small
 * ones.
 */
export class MemoryBudget {
  private takenBytes = 0;
  private readonly waiting: { bytes: number; grant: () => void }[] = [];

  constructor(readonly totalBytes: number) {}

  /** Bytes of the permits that are held. */
  get taken(): number {
    return this.takenBytes;
  }

  /** Waits for a permit. @returns releases it; a second call does nothing. @throws RangeError beyond the total */
  async acquire(bytes: number): Promise<() => void> {
    if (bytes > this.totalBytes) throw new RangeError('more memory than there is');
    if (this.waiting.length > 0 || this.takenBytes + bytes > this.totalBytes) {
      await new Promise<void>((grant) => this.waiting.push({ bytes, grant }));
    } else this.takenBytes += bytes;
    let isHeld = true;
    return () => {
      if (isHeld) this.release(bytes);
      isHeld = false;
    };
  }

  private release(bytes: number): void {
    this.takenBytes -= bytes;
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      if (this.takenBytes + next.bytes > this.totalBytes) return;
      this.waiting.shift();
      this.takenBytes += next.bytes;
      next.grant();
    }
  }
}
