import type { MonotonicClock } from '#libs/runtime';
import { AddressLimiter, networkOf, type Allowance } from '../limits/address-limiter.js';

/** Attempts of one network that wait for those under way; more are refused. */
const MOST_WAITING = 1_000;

interface Network {
  underWay: number;
  waiting: (() => void)[];
}

/**
 * Has keys tried that were never right before, so many wrong ones of an address in a minute and no more: also at once, so what is
 * over the allowance waits for what is under way. A right one takes nothing of it, as others may share the address.
 */
export class KeyAttempts {
  private readonly wrong: AddressLimiter;
  private readonly networks = new Map<string, Network>();

  constructor(allowance: Allowance, clock?: MonotonicClock) {
    this.wrong = new AddressLimiter(allowance, clock);
  }

  /**
   * What `look` finds; 'refused' where the address may try no more, and nothing was looked for.
   * @throws what `look` throws, which is no wrong key
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
    // All of them: where none is left to try, nobody is to wait for others.
    for (const wake of network.waiting.splice(0)) wake();
  }

  private networkOf(name: string): Network {
    const network = this.networks.get(name) ?? { underWay: 0, waiting: [] };
    this.networks.set(name, network);
    return network;
  }
}
