import type { ClaimedDelivery } from './claim-deliveries.js';

/** What is claimed and not begun yet, by host: those of a host in the order they came, ends after all that may be replaced. */
export class ReadyDeliveries {
  private readonly byHost = new Map<string, ClaimedDelivery[]>();
  private all = 0;

  get size(): number {
    return this.all;
  }

  of(host: string): number {
    return this.byHost.get(host)?.length ?? 0;
  }

  /** The hosts that have some. */
  get hosts(): Iterable<string> {
    return this.byHost.keys();
  }

  add(claim: ClaimedDelivery): void {
    const ready = this.byHost.get(claim.host) ?? [];
    if (claim.terminal) ready.push(claim);
    else ready.unshift(claim);
    this.byHost.set(claim.host, ready);
    this.all += 1;
  }

  /** The next one of a host that may have a try more, hosts in turn; null: there is none. */
  take(mayBegin: (host: string) => boolean): ClaimedDelivery | null {
    for (const [host, ready] of this.byHost) {
      if (!mayBegin(host)) continue;
      const claim = ready.shift();
      // The others come before this host has its next turn.
      this.byHost.delete(host);
      if (ready.length > 0) this.byHost.set(host, ready);
      this.all -= 1;
      return claim ?? null;
    }
    return null;
  }

  /** Takes out all of a host, or all there are. */
  drop(host?: string): ClaimedDelivery[] {
    const dropped = host === undefined ? [...this.byHost.values()].flat() : (this.byHost.get(host) ?? []);
    if (host === undefined) this.byHost.clear();
    else this.byHost.delete(host);
    this.all -= dropped.length;
    return dropped;
  }
}
