const PER_KEY = 100;

/** Limits the concurrent waits of one key: each wait holds a connection and memory. */
export class WatcherQuota {
  private readonly taken = new Map<string, number>();

  /** Number of permits taken by all keys together. */
  get size(): number {
    let size = 0;
    for (const taken of this.taken.values()) size += taken;
    return size;
  }

  /** Takes a permit. @returns the function that releases it (further calls have no effect); null if all are taken */
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
