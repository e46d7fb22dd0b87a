import type { Outcome } from '../port/outcome.js';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 15_000;
/** As long as a circuit that waits for an operator. */
const OPERATORS_REST_MS = 60_000;
/** Of a Retry-After: one that is wrong, or meant badly, must not end an upstream. */
const LONGEST_SILENCE_MS = 300_000;

interface Rest {
  until: number;
  ms: number;
}

/** What an answer is about: a full upstream is full for all work, one without an account only for this. */
export interface AskedWork {
  mode: string;
  action: string;
}

/**
 * Upstreams that this replica leaves alone for a moment because they just said that they take no more: 1 s, doubling to
 * 15 s until one takes work again. It is a preference only: where no other upstream is left, they are asked all the same,
 * but for those that said when to come back (Retry-After).
 */
export class UpstreamRests {
  private readonly rests = new Map<string, Rest>();
  /** Until when an upstream asked not to be called. */
  private readonly silences = new Map<string, number>();

  /** @param now ms */
  constructor(private readonly now: () => number) {}

  /** Takes an answer to a submit in. */
  note(upstreamId: string, work: AskedWork, outcome: Outcome): void {
    const key = outcome.kind === 'full' ? upstreamId : keyOf(upstreamId, work);
    if (outcome.kind === 'full' && outcome.retryAfterMs !== undefined) this.obey(upstreamId, outcome.retryAfterMs);
    if (outcome.kind === 'nothing_done' && 'reach' in outcome && outcome.reach !== 'task') {
      this.rests.set(key, { until: this.now() + OPERATORS_REST_MS, ms: FIRST_REST_MS });
      return;
    }
    const isRefusal = outcome.kind === 'full' || (outcome.kind === 'nothing_done' && outcome.fault === 'no_account');
    if (isRefusal) {
      const known = this.rests.get(key);
      // Many answers at once are one piece of news.
      if (known !== undefined && known.until > this.now()) return;
      const ms = Math.min(LONGEST_REST_MS, known === undefined ? FIRST_REST_MS : 2 * known.ms);
      this.rests.set(key, { until: this.now() + ms, ms });
    } else if (['accepted', 'queued', 'window', 'exists', 'uploaded'].includes(outcome.kind)) {
      this.rests.delete(upstreamId);
      this.rests.delete(keyOf(upstreamId, work));
      this.silences.delete(upstreamId);
    }
  }

  /** Whether an upstream asked not to be called now. */
  isSilent(upstreamId: string): boolean {
    return (this.silences.get(upstreamId) ?? 0) > this.now();
  }

  /** An operator has set something anew. */
  forget(upstreamId: string): void {
    for (const key of this.rests.keys()) {
      if (key === upstreamId || key.startsWith(`${upstreamId} `)) this.rests.delete(key);
    }
    this.silences.delete(upstreamId);
  }

  /** Those that are not resting; all where every one is, but for those that asked not to be called. `work` null: any. */
  awake<T extends { id: string }>(candidates: readonly T[], work: AskedWork | null): T[] {
    const heard = candidates.filter(({ id }) => !this.isSilent(id));
    const awake = heard.filter(({ id }) => !this.isResting(id) && (work === null || !this.isResting(keyOf(id, work))));
    return awake.length === 0 ? heard : awake;
  }

  private obey(upstreamId: string, retryAfterMs: number): void {
    const until = this.now() + Math.min(retryAfterMs, LONGEST_SILENCE_MS);
    this.silences.set(upstreamId, Math.max(until, this.silences.get(upstreamId) ?? 0));
  }

  private isResting(key: string): boolean {
    return (this.rests.get(key)?.until ?? 0) > this.now();
  }
}

function keyOf(upstreamId: string, { mode, action }: AskedWork): string {
  return `${upstreamId} ${mode} ${action}`;
}
