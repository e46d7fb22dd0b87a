import type { MonotonicClock } from '#libs/runtime';
import { AddressLimiter, networkOf, type Allowance } from '../limits/address-limiter.js';

/** Most attempts of one network that wait for those under way; more are refused. */
const MOST_WAITING = 1_000;

interface Network {
  underWay: number;
  waiting: (() => void)[];
}

/**
 * Rate limit of look-ups of unknown keys by address: so many wrong keys in a minute. Attempts under way count as if they were
 * wrong, so that parallel ones cannot exceed the limit; further ones wait for them. A right key uses nothing of the limit, as
 * others may share the address.
 */
export class KeyAttempts {
  private readonly wrong: AddressLimiter;
  private readonly networks = new Map<string, Network>();

  constructor(allowance: Allowance, clock?: MonotonicClock) {
    this.wrong = new AddressLimiter(allowance, clock);
  }

  /**
   * The result of `look`; 'refused' where the address has used its limit up, and `look` was not called.
   * @throws what `look` throws, which does not count as a wrong key
   */
  async try<Found>(
    address: string,
    look: () => Found | null | Promise<Found | null>,
  ): Promise<Found | null | 'refused'> {
    if (!(await this.enter(address))) return 'refused';
    try {
      const found = await look();
      if (found === null) this.wrong.count(address);
      return found;
    } finally {
      this.release(address);
    }
  }

  /** Seconds until the address may try again. */
  retryAfter(address: string): number {
    return this.wrong.retryAfter(address);
  }

  /** Networks with attempts under way. */
  get size(): number {
    return this.networks.size;
  }

  private async enter(address: string): Promise<boolean> {
    const name = networkOf(address);
    for (;;) {
      const network = this.networkOf(name);
      const left = this.wrong.left(address);
      if (left > network.underWay) {
        network.underWay += 1;
        return true;
      }
      if (left === 0 || network.waiting.length >= MOST_WAITING) {
        if (network.underWay === 0) this.networks.delete(name);
        return false;
      }
      await new Promise<void>((resolve) => network.waiting.push(resolve));
    }
  }

  private release(address: string): void {
    const name = networkOf(address);
    const network = this.networkOf(name);
    network.underWay -= 1;
    if (network.underWay === 0) this.networks.delete(name);
    // Wakes all of them: when the limit is used up, nobody is left waiting.
    for (const wake of network.waiting.splice(0)) wake();
  }

  private networkOf(name: string): Network {
    const network = this.networks.get(name) ?? { underWay: 0, waiting: [] };
    this.networks.set(name, network);
    return network;
  }
}
