/** A semaphore whose permits are bytes; who asks first is served first, so that a large wish is not passed over for ever. */
export class MemoryBudget {
  private takenBytes = 0;
  private readonly waiting: { bytes: number; grant: () => void }[] = [];

  constructor(readonly totalBytes: number) {}

  get taken(): number {
    return this.takenBytes;
  }

  /** Waits for a permit. Whoever gets it gives it back by what it gets, once. @throws RangeError beyond the total */
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
