import { LRUCache } from 'lru-cache';
import { plainAddress } from '#libs/access';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';

/** Most networks that are remembered; the least recently counted one is forgotten first. */
const MAX_NETWORKS = 10_000;

export interface Allowance {
  /** How many an address has in each window, and how long it is from the first one, seconds. */
  points: number;
  seconds: number;
}

interface Window {
  used: number;
  /** Of the monotonic clock. */
  endsAt: number;
}

/**
 * Counts what goes wrong by address, on this replica: a fixed window from the first time. By the monotonic clock, which
 * the usual libraries do not take: a wall clock that is set back would keep an address out for hours.
 */
export class AddressLimiter {
  private readonly windows = new LRUCache<string, Window>({ max: MAX_NETWORKS });

  constructor(
    private readonly allowance: Allowance,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {}

  /** Counts once. @returns false when it was one too many */
  count(address: string): boolean {
    const network = networkOf(address);
    const window = this.running(network) ?? { used: 0, endsAt: this.clock() + this.allowance.seconds * 1_000 };
    window.used += 1;
    this.windows.set(network, window);
    return window.used <= this.allowance.points;
  }

  /** How many the address has left in its window. */
  left(address: string): number {
    return Math.max(0, this.allowance.points - (this.running(networkOf(address))?.used ?? 0));
  }

  /** Whether the address has none left in its window. */
  isUsedUp(address: string): boolean {
    return this.left(address) === 0;
  }

  /** Seconds until the window of this address is over, at least 1. */
  retryAfter(address: string): number {
    const window = this.running(networkOf(address));
    return window === undefined ? 1 : Math.max(1, Math.ceil((window.endsAt - this.clock()) / 1_000));
  }

  private running(network: string): Window | undefined {
    const window = this.windows.peek(network);
    if (window === undefined || window.endsAt > this.clock()) return window;
    this.windows.delete(network);
    return undefined;
  }
}

/** The network that an address is counted under: a /64 of IPv6, as one user has all of it, or a single IPv4 address. */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
