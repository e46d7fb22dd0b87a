import { LRUCache } from 'lru-cache';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';

/** The submits of a key in its running minute, of all replicas together. */
export interface SubmitMinute {
  limit: number;
  used: number;
  /** When the minute ends, ms of the clock of SubmitMinutes. */
  endsAt: number;
}

/** Keys that are remembered; the least recently used one is forgotten first. */
const MAX_KEYS = 10_000;

/**
 * The use of each key's submit minute as the statements that open tasks last gave it, so that headers of answers show it
 * without a query. It is shown and never enforced: the account decides.
 */
export class SubmitMinutes {
  private readonly minutes = new LRUCache<string, SubmitMinute>({ max: MAX_KEYS });

  constructor(private readonly clock: MonotonicClock = monotonicMs) {}

  note(apiKeyId: string, limit: number, used: number, endsInMs: number): void {
    const now = this.clock();
    const known = this.minutes.get(apiKeyId);
    const minute = { limit, used, endsAt: now + endsInMs };
    // Of statements that ran at the same time, the one with the larger count is the newer.
    const isOlder = known !== undefined && known.endsAt > now && Math.abs(known.endsAt - minute.endsAt) < 1_000;
    if (isOlder && known.limit === limit && known.used > used) return;
    this.minutes.set(apiKeyId, minute);
  }

  /** Submits left, and seconds until there are `limit` of them again. */
  left(apiKeyId: string, limit: number): { remaining: number; seconds: number } {
    const now = this.clock();
    const minute = this.minutes.get(apiKeyId);
    if (minute === undefined || minute.endsAt <= now) return { remaining: limit, seconds: 60 };
    return { remaining: Math.max(0, limit - minute.used), seconds: Math.ceil((minute.endsAt - now) / 1_000) };
  }
}
