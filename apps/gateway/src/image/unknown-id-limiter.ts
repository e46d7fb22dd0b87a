import { isIPv6 } from 'node:net';

interface Visitor {
  windowEndsAt: number;
  unknown: number;
  /** The second in which `looks` were allowed. */
  second: number;
  looks: number;
}

const WINDOW_MS = 60_000;
const MAX_UNKNOWN = 60;
/** Look-ups that an address over the limit still has per second. */
const LOOKS_PER_SECOND = 10;
/** Addresses remembered; the one that came first is forgotten first. */
const MAX_VISITORS = 10_000;

/**
 * Makes guessing picture ids pointless: 60 unknown ones a minute per address. Beyond, an address gets few look-ups a
 * second, so that guessing stays slow while others behind the same address still see their pictures.
 */
export class UnknownIdLimiter {
  private readonly visitors = new Map<string, Visitor>();

  /** @param now milliseconds of any clock that only goes forward */
  constructor(private readonly now: () => number) {}

  /** Whether this address may have an id looked up now. */
  admits(address: string): boolean {
    const visitor = this.current(networkOf(address));
    if (visitor === undefined || visitor.unknown < MAX_UNKNOWN) return true;
    const second = Math.floor(this.now() / 1_000);
    if (visitor.second !== second) Object.assign(visitor, { second, looks: 0 });
    visitor.looks += 1;
    return visitor.looks <= LOOKS_PER_SECOND;
  }

  /** Counts an unknown id. @returns false when it was one too many */
  countUnknown(address: string): boolean {
    const network = networkOf(address);
    const visitor = this.current(network) ?? this.admit(network);
    visitor.unknown += 1;
    return visitor.unknown <= MAX_UNKNOWN;
  }

  /** Seconds until the minute of this address is over, at least 1. */
  retryAfter(address: string): number {
    const visitor = this.current(networkOf(address));
    return visitor === undefined ? 1 : Math.max(1, Math.ceil((visitor.windowEndsAt - this.now()) / 1_000));
  }

  private current(network: string): Visitor | undefined {
    const visitor = this.visitors.get(network);
    if (visitor === undefined || visitor.windowEndsAt > this.now()) return visitor;
    this.visitors.delete(network);
    return undefined;
  }

  private admit(network: string): Visitor {
    const [oldest] = this.visitors.keys();
    if (this.visitors.size >= MAX_VISITORS && oldest !== undefined) this.visitors.delete(oldest);
    const visitor = { windowEndsAt: this.now() + WINDOW_MS, unknown: 0, second: 0, looks: 0 };
    this.visitors.set(network, visitor);
    return visitor;
  }
}

/** One IPv6 user has a whole /64, so that is what counts; an IPv4 address counts alone. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
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
