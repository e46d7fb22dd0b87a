import { RateLimiterMemory } from 'rate-limiter-flexible';
import { plainAddress } from '#libs/access';

/** Networks remembered; the one that came first is forgotten first. */
const MAX_NETWORKS = 10_000;

export interface Allowance {
  /** How many an address has in each window, and how long it is from the first one, seconds. */
  points: number;
  seconds: number;
}

/** Counts what goes wrong by address, on this replica: a fixed window from the first time. */
export class AddressLimiter {
  private readonly limiter: RateLimiterMemory;
  /** In the order they came: the library forgets by time only, and guesses from many addresses come faster. */
  private readonly networks = new Set<string>();

  constructor({ points, seconds }: Allowance) {
    this.limiter = new RateLimiterMemory({ points, duration: seconds });
  }

  /** Counts once. @returns false when it was one too many */
  async count(address: string): Promise<boolean> {
    const network = networkOf(address);
    this.remember(network);
    return this.limiter.consume(network).then(
      () => true,
      (refusal: unknown) => {
        if (refusal instanceof Error) throw refusal;
        return false;
      },
    );
  }

  /** Whether the address has none left in its window. */
  async isUsedUp(address: string): Promise<boolean> {
    const standing = await this.limiter.get(networkOf(address));
    return standing !== null && standing.msBeforeNext > 0 && standing.remainingPoints <= 0;
  }

  /** Seconds until the window of this address is over, at least 1. */
  async retryAfter(address: string): Promise<number> {
    const standing = await this.limiter.get(networkOf(address));
    return Math.max(1, Math.ceil((standing?.msBeforeNext ?? 0) / 1_000));
  }

  private remember(network: string): void {
    this.networks.delete(network);
    this.networks.add(network);
    const [oldest] = this.networks;
    if (this.networks.size <= MAX_NETWORKS || oldest === undefined) return;
    this.networks.delete(oldest);
    void this.limiter.delete(oldest);
  }
}

/** One IPv6 user has a whole /64, so that is what counts; an IPv4 address counts alone. */
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
