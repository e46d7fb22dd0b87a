/** Hosts that are remembered as quick: those that answered last. */
const MOST_QUICK = 64;

/** A host of which no try has ended for so long, ms, has stopped to take what it is told. */
const STILL_MS = 250;

/** How many tries are under way in this process, in all and to each host, and which hosts answer quickly. */
export class TryCount {
  private readonly counts = new Map<string, number>();
  private readonly quick = new Set<string>();
  /** When the last try of a host that has some under way ended, ms. */
  private readonly lastEnds = new Map<string, number>();
  private all = 0;

  get total(): number {
    return this.all;
  }

  of(host: string): number {
    return this.counts.get(host) ?? 0;
  }

  /** Those to hosts that are not known to answer quickly. */
  get slow(): number {
    let slow = 0;
    for (const [host, tries] of this.counts) if (!this.quick.has(host)) slow += tries;
    return slow;
  }

  begin(host: string): void {
    this.counts.set(host, this.of(host) + 1);
    this.all += 1;
  }

  /** Takes in how a try went. */
  note(host: string, isQuick: boolean): void {
    this.quick.delete(host);
    if (!isQuick) return;
    this.quick.add(host);
    const [oldest = ''] = this.quick;
    if (this.quick.size > MOST_QUICK) this.quick.delete(oldest);
  }

  /** @param now ms, on any clock that only goes on */
  end(host: string, now: number): void {
    const left = this.of(host) - 1;
    if (left > 0) {
      this.counts.set(host, left);
      this.lastEnds.set(host, now);
    } else {
      this.counts.delete(host);
      this.lastEnds.delete(host);
    }
    this.all -= 1;
  }

  /** Whether tries of this host have been ending until now. */
  isMoving(host: string, now: number): boolean {
    return now - (this.lastEnds.get(host) ?? -Infinity) < STILL_MS;
  }

  /** Hosts with tries under way. */
  get hosts(): Iterable<string> {
    return this.counts.keys();
  }

  /** Hosts that answer quickly, the last one to do so at the end. */
  get quickHosts(): ReadonlySet<string> {
    return this.quick;
  }
}
