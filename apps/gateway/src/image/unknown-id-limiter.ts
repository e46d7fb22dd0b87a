import { monotonicMs, type MonotonicClock } from '#libs/runtime';
import { AddressLimiter } from '../http/limits/address-limiter.js';

/** Unknown ids that an address may ask for in a minute. */
const UNKNOWN = { points: 60, seconds: 60 };
/** Look-ups that an address over the limit still has. */
const LOOKS = { points: 10, seconds: 1 };

/**
 * Makes guessing picture ids pointless: 60 unknown ones a minute per address. Beyond, an address gets few look-ups a
 * second, so that guessing stays slow while others behind the same address still see their pictures.
 */
export class UnknownIdLimiter {
  private readonly unknown: AddressLimiter;
  private readonly looks: AddressLimiter;

  constructor(clock: MonotonicClock = monotonicMs) {
    this.unknown = new AddressLimiter(UNKNOWN, clock);
    this.looks = new AddressLimiter(LOOKS, clock);
  }

  /** Whether this address may have an id looked up now. */
  admits(address: string): boolean {
    return !this.unknown.isUsedUp(address) || this.looks.count(address);
  }

  /** Counts an unknown id. @returns false when it was one too many */
  countUnknown(address: string): boolean {
    return this.unknown.count(address);
  }

  /** Seconds until the minute of this address is over, at least 1. */
  retryAfter(address: string): number {
    return this.unknown.retryAfter(address);
  }
}
