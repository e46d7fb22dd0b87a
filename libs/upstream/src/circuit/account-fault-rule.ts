import { LRUCache } from 'lru-cache';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';
import type { Reach } from '../port/outcome.js';

/** How long an acceptance shows that an upstream serves us, whatever it says of one kind of work. */
const ACCEPTANCE_COUNTS_MS = 600_000;
/** So many tasks in a row, with none accepted between them, are no matter of one kind of work. */
const STOPPING_DECLINES = 3;
const MOST_REMEMBERED = 1_000;

/**
 * What an answer about the operator's account comes to.
 * stops: the upstream gets no submits for now · noted: this kind of work is kept from it for now · task: it is the matter of
 * this one task, and no other hears of it
 */
export type FaultVerdict = 'stops' | 'noted' | 'task';

interface SubmitHistory {
  acceptedAt: number | null;
  /** Marks of the tasks that were declined since. */
  declined: Set<string>;
}

/**
 * Judges what upstreams say of our account when they decline a submit. A status alone may come from a wall that dislikes one
 * prompt, and a missing route or model concerns one kind of work: neither may stop an upstream that takes other work, or a
 * single client could. So what does not speak of the account as a whole stops an upstream only if nothing shows that it
 * serves us; and a task that is declined again, while others were taken between, is declined for what it is.
 */
export class AccountFaultRule {
  private readonly histories = new Map<string, SubmitHistory>();
  /** When a task was last declined so, by upstream and mark. */
  private readonly lastDeclined = new LRUCache<string, number>({ max: MOST_REMEMBERED });

  constructor(private readonly clock: MonotonicClock = monotonicMs) {}

  /** An upstream took work on. */
  accepted(upstreamId: string): void {
    const standing = this.historyOf(upstreamId);
    standing.acceptedAt = this.clock();
    standing.declined.clear();
  }

  /** Whether an acceptance that is not long ago shows that it serves us. */
  servedLately(upstreamId: string): boolean {
    const acceptedAt = this.histories.get(upstreamId)?.acceptedAt ?? null;
    return acceptedAt !== null && this.clock() - acceptedAt < ACCEPTANCE_COUNTS_MS;
  }

  /** @param mark of the task that was declined */
  judge(upstreamId: string, mark: string, reach: Reach): FaultVerdict {
    if (reach === 'task') return 'task';
    if (reach === 'upstream') return 'stops';
    const { acceptedAt, declined } = this.historyOf(upstreamId);
    const before = this.noteDeclined(`${upstreamId} ${mark}`);
    if (before !== null && acceptedAt !== null && acceptedAt > before) return 'task';
    const isNews = !declined.has(mark);
    if (declined.size < MOST_REMEMBERED) declined.add(mark);
    const isTrusted = this.servedLately(upstreamId);
    // One task that comes again and again must not keep all others from it.
    return isNews && (!isTrusted || declined.size >= STOPPING_DECLINES) ? 'stops' : 'noted';
  }

  /** When it was blamed before; null: never. */
  private noteDeclined(key: string): number | null {
    const before = this.lastDeclined.get(key) ?? null;
    this.lastDeclined.set(key, this.clock());
    return before;
  }

  private historyOf(upstreamId: string): SubmitHistory {
    const known = this.histories.get(upstreamId);
    if (known !== undefined) return known;
    const fresh = { acceptedAt: null, declined: new Set<string>() };
    this.histories.set(upstreamId, fresh);
    return fresh;
  }
}
