import type { Outcome } from '../port/outcome.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** As long as the circuit of a misconfigured upstream stays open. */
const OPERATORS_PAUSE_MS = 60_000;
/** Longest Retry-After that is obeyed: a wrong or malicious one must not put an upstream out of use. */
const LONGEST_RETRY_AFTER_MS = 300_000;

interface Pause {
  until: number;
  ms: number;
}

/**
 * The kind of work that an answer is about: a saturated upstream is backed off for all work, one without an account for
 * this kind only.
 */
export interface WorkKind {
  mode: string;
  action: string;
}

/**
 * Exponential back-off of upstreams that answered this replica that they are saturated: 1 s, doubling to 15 s until one
 * takes work again. It is a preference only: where no other upstream is left, they are called all the same, except those
 * that gave a Retry-After.
 */
export class SaturationBackoff {
  private readonly pauses = new Map<string, Pause>();
  /** When the Retry-After of an upstream ends. */
  private readonly retryAfters = new Map<string, number>();

  /** @param now ms */
  constructor(private readonly now: () => number) {}

  /** Notes the outcome of a submit: it begins, prolongs or ends a back-off. */
  note(upstreamId: string, work: WorkKind, outcome: Outcome): void {
    const key = outcome.kind === 'full' ? upstreamId : keyOf(upstreamId, work);
    if (outcome.kind === 'full' && outcome.retryAfterMs !== undefined)
      this.noteRetryAfter(upstreamId, outcome.retryAfterMs);
    if (outcome.kind === 'nothing_done' && 'scope' in outcome && outcome.scope !== 'task') {
      this.pauses.set(key, { until: this.now() + OPERATORS_PAUSE_MS, ms: FIRST_PAUSE_MS });
      return;
    }
    const isRefusal = outcome.kind === 'full' || (outcome.kind === 'nothing_done' && outcome.fault === 'no_account');
    if (isRefusal) {
      const known = this.pauses.get(key);
      // Several answers at once report the same saturation.
      if (known !== undefined && known.until > this.now()) return;
      const ms = Math.min(LONGEST_PAUSE_MS, known === undefined ? FIRST_PAUSE_MS : 2 * known.ms);
      this.pauses.set(key, { until: this.now() + ms, ms });
    } else if (['accepted', 'queued', 'window', 'exists', 'uploaded'].includes(outcome.kind)) {
      this.pauses.delete(upstreamId);
      this.pauses.delete(keyOf(upstreamId, work));
      this.retryAfters.delete(upstreamId);
    }
  }

  /** Whether the Retry-After of an upstream runs. */
  isToldToWait(upstreamId: string): boolean {
    return (this.retryAfters.get(upstreamId) ?? 0) > this.now();
  }

  /** Ends all back-offs of an upstream, because its operator changed a setting. */
  forget(upstreamId: string): void {
    for (const key of this.pauses.keys()) {
      if (key === upstreamId || key.startsWith(`${upstreamId} `)) this.pauses.delete(key);
    }
    this.retryAfters.delete(upstreamId);
  }

  /** The candidates that are not backed off; where all are, those whose Retry-After does not run. `work` null: any. */
  available<T extends { id: string }>(candidates: readonly T[], work: WorkKind | null): T[] {
    const callable = candidates.filter(({ id }) => !this.isToldToWait(id));
    const available = callable.filter(
      ({ id }) => !this.isBackedOff(id) && (work === null || !this.isBackedOff(keyOf(id, work))),
    );
    return available.length === 0 ? callable : available;
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
