import type { Outcome } from '../port/outcome.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** As long as a circuit that waits for an operator. */
const OPERATORS_PAUSE_MS = 60_000;
/** Of a Retry-After: one that is wrong, or meant badly, must not end an upstream. */
const LONGEST_RETRY_AFTER_MS = 300_000;

interface Pause {
  until: number;
  ms: number;
}

/** What an answer is about: a full upstream is full for all work, one without an account only for this. */
export interface WorkKind {
  mode: string;
  action: string;
}

/**
 * Upstreams that this replica leaves alone for a moment because they just said that they take no more: 1 s, doubling to
 * 15 s until one takes work again. It is a preference only: where no other upstream is left, they are asked all the same,
 * but for those that said when to come back (Retry-After).
 */
export class SaturationBackoff {
  private readonly pauses = new Map<string, Pause>();
  /** Until when an upstream asked not to be called. */
  private readonly retryAfters = new Map<string, number>();

  /** @param now ms */
  constructor(private readonly now: () => number) {}

  /** Takes an answer to a submit in. */
  note(upstreamId: string, work: WorkKind, outcome: Outcome): void {
    const key = outcome.kind === 'full' ? upstreamId : keyOf(upstreamId, work);
    if (outcome.kind === 'full' && outcome.retryAfterMs !== undefined)
      this.noteRetryAfter(upstreamId, outcome.retryAfterMs);
    if (outcome.kind === 'nothing_done' && 'reach' in outcome && outcome.reach !== 'task') {
      this.pauses.set(key, { until: this.now() + OPERATORS_PAUSE_MS, ms: FIRST_PAUSE_MS });
      return;
    }
    const isRefusal = outcome.kind === 'full' || (outcome.kind === 'nothing_done' && outcome.fault === 'no_account');
    if (isRefusal) {
      const known = this.pauses.get(key);
      // Many answers at once are one piece of news.
      if (known !== undefined && known.until > this.now()) return;
      const ms = Math.min(LONGEST_PAUSE_MS, known === undefined ? FIRST_PAUSE_MS : 2 * known.ms);
      this.pauses.set(key, { until: this.now() + ms, ms });
    } else if (['accepted', 'queued', 'window', 'exists', 'uploaded'].includes(outcome.kind)) {
      this.pauses.delete(upstreamId);
      this.pauses.delete(keyOf(upstreamId, work));
      this.retryAfters.delete(upstreamId);
    }
  }

  /** Whether an upstream asked not to be called now. */
  isToldToWait(upstreamId: string): boolean {
    return (this.retryAfters.get(upstreamId) ?? 0) > this.now();
  }

  /** An operator has set something anew. */
  forget(upstreamId: string): void {
    for (const key of this.pauses.keys()) {
      if (key === upstreamId || key.startsWith(`${upstreamId} `)) this.pauses.delete(key);
    }
    this.retryAfters.delete(upstreamId);
  }

  /** Those that are not resting; all where every one is, but for those that asked not to be called. `work` null: any. */
  available<T extends { id: string }>(candidates: readonly T[], work: WorkKind | null): T[] {
    const heard = candidates.filter(({ id }) => !this.isToldToWait(id));
    const available = heard.filter(
      ({ id }) => !this.isBackedOff(id) && (work === null || !this.isBackedOff(keyOf(id, work))),
    );
    return available.length === 0 ? heard : available;
  }

  private noteRetryAfter(upstreamId: string, retryAfterMs: number): void {
    const until = this.now() + Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
    this.retryAfters.set(upstreamId, Math.max(until, this.retryAfters.get(upstreamId) ?? 0));
  }

  private isBackedOff(key: string): boolean {
    return (this.pauses.get(key)?.until ?? 0) > this.now();
  }
}

function keyOf(upstreamId: string, { mode, action }: WorkKind): string {
  return `${upstreamId} ${mode} ${action}`;
}
