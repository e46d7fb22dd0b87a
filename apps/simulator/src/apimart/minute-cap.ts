const MINUTE_MS = 60_000;

/** Counts the submits of each key over the last minute. */
export class MinuteCap {
  private readonly seen = new Map<string, number[]>();

  /** `most` a minute; null is no cap. */
  constructor(private readonly most: number | null) {}

  /** Counts a submit and says whether it is within the cap; one that is not does not count. */
  admits(owner: string, now: number): boolean {
    if (this.most === null) return true;
    const recent = (this.seen.get(owner) ?? []).filter((at) => at > now - MINUTE_MS);
    const within = recent.length < this.most;
    if (within) recent.push(now);
    this.seen.set(owner, recent);
    return within;
  }
}
