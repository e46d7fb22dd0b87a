/** Hosts that are remembered as quick: those that answered last. */
const MOST_QUICK = 64;

/** How many tries are under way in this process, in all and to each host, and which hosts answer quickly. */
export class TryCount {
  private readonly counts = new Map<string, number>();
  private readonly quick = new Set<string>();
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

  end(host: string): void {
    const left = this.of(host) - 1;
    if (left > 0) this.counts.set(host, left);
    else this.counts.delete(host);
    this.all -= 1;
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
