import type { ClaimedDelivery } from './claim-deliveries.js';

/** What is ready of one host. */
interface OfHost {
  /** What a newer change may replace goes before ends. */
  events: Entry[];
  ends: Entry[];
}

interface Entry {
  claim: ClaimedDelivery;
  /** When it was claimed, ms on any clock that only goes on. */
  at: number;
}

/** What is claimed and not begun yet, by host: those of a host in the order they came, ends after all that may be replaced. */
export class ReadyDeliveries {
  private readonly byHost = new Map<string, OfHost>();
  private all = 0;

  get size(): number {
    return this.all;
  }

  of(host: string): number {
    const ready = this.byHost.get(host);
    return ready === undefined ? 0 : ready.events.length + ready.ends.length;
  }

  /** The hosts that have some. */
  get hosts(): Iterable<string> {
    return this.byHost.keys();
  }

  add(claim: ClaimedDelivery, at: number): void {
    const ready = this.byHost.get(claim.host) ?? { events: [], ends: [] };
    (claim.terminal ? ready.ends : ready.events).push({ claim, at });
    this.byHost.set(claim.host, ready);
    this.all += 1;
  }

  /** The next one of a host that may have a try more, hosts in turn, and when it was claimed; null: there is none. */
  take(mayBegin: (host: string) => boolean): Entry | null {
    for (const [host, ready] of this.byHost) {
      if (!mayBegin(host)) continue;
      const entry = ready.events.shift() ?? ready.ends.shift() ?? null;
      // The others come before this host has its next turn.
      this.byHost.delete(host);
      if (ready.events.length + ready.ends.length > 0) this.byHost.set(host, ready);
      this.all -= 1;
      return entry;
    }
    return null;
  }

  /** Takes out all of a host, or all there are. */
  drop(host?: string): ClaimedDelivery[] {
    const found = host === undefined ? [...this.byHost.values()] : [this.byHost.get(host)];
    const dropped = found.flatMap((ready) => [...(ready?.events ?? []), ...(ready?.ends ?? [])]);
    if (host === undefined) this.byHost.clear();
    else this.byHost.delete(host);
    this.all -= dropped.length;
    return dropped.map(({ claim }) => claim);
  }
}
