export interface PaceLimit {
  /** Minimum rate, bytes a second. */
  leastRate: number;
  /** Longest stall, ms: the other side is too slow once it is behind by the bytes of so much time. */
  stallTimeoutMs: number;
}

/** Longest time between two samples that counts, ms: a longer one is a delay of this process. */
const LONGEST_GAP_MS = 5_000;

/**
 * Whether the other side of a connection keeps up with a minimum rate: a leaky bucket that fills with time and empties with
 * bytes. Earlier speed earns no credit, and a short stall costs nothing.
 */
export class Pace {
  private lookedAt: number | null = null;
  private movedAt: number | null = null;
  private behindMs = 0;

  /** How long nothing has moved that could, ms. */
  stalledMs(now: number): number {
    return this.movedAt === null ? 0 : now - this.movedAt;
  }

  /** Whether it is behind by more than this limit allows. */
  isTooSlow({ stallTimeoutMs }: PaceLimit): boolean {
    return this.behindMs >= stallTimeoutMs;
  }

  /**
   * To be called at least every few seconds.
   * @param now ms, of a clock that only goes on
   * @param moved bytes since the last look; null: there is nothing that the other side could move
   */
  look(now: number, moved: number | null, { leastRate }: PaceLimit): void {
    const gapMs = this.lookedAt === null ? 0 : Math.min(now - this.lookedAt, LONGEST_GAP_MS);
    this.lookedAt = now;
    if (moved === null) {
      this.behindMs = 0;
      this.movedAt = null;
      return;
    }
    // The first look with something to move: what counts begins now.
    if (this.movedAt === null) this.movedAt = now;
    else this.behindMs = Math.max(0, this.behindMs + gapMs - (moved / leastRate) * 1_000);
    if (moved > 0) this.movedAt = now;
  }
}
