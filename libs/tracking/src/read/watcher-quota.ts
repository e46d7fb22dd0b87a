const PER_KEY = 100;

/** Bounds how many requests of one key wait at once: each of them holds a connection and memory. */
export class WatcherQuota {
  private readonly taken = new Map<string, number>();

  /** Seats that are taken, of all keys together. */
  get size(): number {
    let size = 0;
    for (const taken of this.taken.values()) size += taken;
    return size;
  }

  /** A seat, to be given back by calling what is returned (once or more, it counts once); null: all are taken. */
  acquire(apiKeyId: string): (() => void) | null {
    const taken = this.taken.get(apiKeyId) ?? 0;
    if (taken >= PER_KEY) return null;
    this.taken.set(apiKeyId, taken + 1);
    let isHeld = true;
    return () => {
      if (isHeld) this.release(apiKeyId);
      isHeld = false;
    };
  }

  private release(apiKeyId: string): void {
    const left = (this.taken.get(apiKeyId) ?? 1) - 1;
    if (left > 0) this.taken.set(apiKeyId, left);
    else this.taken.delete(apiKeyId);
  }
}
