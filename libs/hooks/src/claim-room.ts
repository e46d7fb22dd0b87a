import type { HookLimits } from './hooks-options.js';
import { ReadyDeliveries } from './ready-deliveries.js';
import { TryCount } from './try-count.js';

/**
 * How many ends are claimed before they can begin, for each try under way of a receiver that answers quickly: 64 deliveries
 * cost 1.3 statements so, and 3.5 where each place that is free is claimed for.
 */
const AHEAD = 2;

/** What this process has claimed, under way and ready, and how much more it may. */
export class ClaimRoom {
  readonly tries = new TryCount();
  readonly ready = new ReadyDeliveries();

  constructor(private readonly limits: Pick<HookLimits, 'maxInFlight' | 'maxPerHost'>) {}

  /** How many may be claimed: what can begin now, and ends for receivers that are quick enough to get them in a moment. */
  get left(): number {
    const { maxInFlight, maxPerHost } = this.limits;
    const { total, slow, quickHosts } = this.tries;
    const ahead = AHEAD * Math.min(maxInFlight - slow, maxPerHost * quickHosts.size);
    return maxInFlight - total + ahead - this.ready.size;
  }

  /**
   * Whether so little is ready that a claim is worth its statement. What is ready for a host that takes no more, because its
   * tries hang, is nobody's supply. @param now ms, as for TryCount
   */
  isLow(now: number): boolean {
    let ready = 0;
    for (const host of this.ready.hosts) {
      if (this.tries.of(host) < this.limits.maxPerHost || this.tries.isMoving(host, now)) ready += this.ready.of(host);
    }
    return ready <= this.tries.total / 2;
  }

  /** Whether no further try to this host may be under way. */
  isFull(host: string): boolean {
    return this.tries.total >= this.limits.maxInFlight || this.tries.of(host) >= this.limits.maxPerHost;
  }

  /** Takes out what may begin now, and when it was claimed; null: nothing. */
  take(): ReturnType<ReadyDeliveries['take']> {
    return this.ready.take((host) => !this.isFull(host));
  }

  /** Three arrays of one length: the hosts known here, how many claims each has, and how many it may have ahead. */
  byHost(): { hosts: string[]; claims: number[]; ahead: number[] } {
    const { tries, ready } = this;
    const hosts = [...new Set([...tries.hosts, ...ready.hosts, ...tries.quickHosts])];
    return {
      hosts,
      claims: hosts.map((host) => this.of(host)),
      ahead: hosts.map((host) => (tries.quickHosts.has(host) ? AHEAD * this.limits.maxPerHost : 0)),
    };
  }

  /** Hosts for which nothing outside of CLAIM_DUE may be claimed. */
  fullHosts(): string[] {
    return this.byHost().hosts.filter((host) => this.of(host) >= this.limits.maxPerHost);
  }

  private of(host: string): number {
    return this.tries.of(host) + this.ready.of(host);
  }
}
