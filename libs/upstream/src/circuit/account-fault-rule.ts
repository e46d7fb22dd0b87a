import { LRUCache } from 'lru-cache';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';
import type { FaultScope } from '../port/outcome.js';

/** How long an acceptance shows that an upstream serves the gateway's account, whatever it answers to one kind of work. */
const ACCEPTANCE_COUNTS_MS = 600_000;
/** So many declined tasks, with none accepted between them, are not explained by one kind of work. */
const STOPPING_DECLINES = 3;
const MOST_REMEMBERED = 1_000;

/**
 * What follows from an answer about the operator's account. stops: the upstream gets no submits for now · noted: it gets no
 * work of this kind for now · task: the task alone is declined
 */
export type FaultVerdict = 'stops' | 'noted' | 'task';

interface SubmitHistory {
  acceptedAt: number | null;
  /** Correlation ids of the tasks that were declined since then. */
  declined: Set<string>;
}

/**
 * Rule for answers to submits that report a fault of the operator's account. A status alone may come from a firewall that
 * rejects one prompt, and a missing route or model concerns one kind of work: neither may stop an upstream that takes other
 * work, or a single client could stop it. So a fault that does not concern the whole account stops an upstream only where no
 * recent acceptance shows that it serves the account; and a task that is declined again, after others were accepted, is
 * declined for its own content.
 */
export class AccountFaultRule {
  private readonly histories = new Map<string, SubmitHistory>();
  /** When a task was last declined, by upstream and correlation id. */
  private readonly lastDeclined = new LRUCache<string, number>({ max: MOST_REMEMBERED });

  constructor(private readonly clock: MonotonicClock = monotonicMs) {}

  /** Notes that an upstream accepted work. */
  accepted(upstreamId: string): void {
    const standing = this.historyOf(upstreamId);
    standing.acceptedAt = this.clock();
    standing.declined.clear();
  }

  /** Whether an upstream accepted work within the last ten minutes. */
  servedLately(upstreamId: string): boolean {
    const acceptedAt = this.histories.get(upstreamId)?.acceptedAt ?? null;
    return acceptedAt !== null && this.clock() - acceptedAt < ACCEPTANCE_COUNTS_MS;
  }

  /** @param correlationId of the task that was declined */
  judge(upstreamId: string, correlationId: string, scope: FaultScope): FaultVerdict {
    if (scope === 'task') return 'task';
    if (scope === 'upstream') return 'stops';
    const { acceptedAt, declined } = this.historyOf(upstreamId);
    const before = this.noteDeclined(`${upstreamId} ${correlationId}`);
    if (before !== null && acceptedAt !== null && acceptedAt > before) return 'task';
    const isNews = !declined.has(correlationId);
    if (declined.size < MOST_REMEMBERED) declined.add(correlationId);
    const isTrusted = this.servedLately(upstreamId);
    // One task that is submitted again and again must not stop the upstream for all others.
    return isNews && (!isTrusted || declined.size >= STOPPING_DECLINES) ? 'stops' : 'noted';
  }

  /** When the task was declined before; null: never. */
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
