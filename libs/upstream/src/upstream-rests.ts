import type { Outcome } from './outcome.js';

const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 15_000;

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
 * 15 s until one takes work again. It is a preference only: where no other upstream is left, they are asked all the same.
 */
export class UpstreamRests {
  private readonly rests = new Map<string, Rest>();

  /** @param now ms */
  constructor(private readonly now: () => number) {}

  /** Takes an answer to a submit in. */
  note(upstreamId: string, work: AskedWork, outcome: Outcome): void {
    const key = outcome.kind === 'full' ? upstreamId : keyOf(upstreamId, work);
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
    }
  }

  /** Those that are not resting; all of them where every one is. `work` null: any. */
  awake<T extends { id: string }>(candidates: readonly T[], work: AskedWork | null): T[] {
    const awake = candidates.filter(
      ({ id }) => !this.isResting(id) && (work === null || !this.isResting(keyOf(id, work))),
    );
    return awake.length === 0 ? [...candidates] : awake;
  }

  private isResting(key: string): boolean {
    return (this.rests.get(key)?.until ?? 0) > this.now();
  }
}

function keyOf(upstreamId: string, { mode, action }: AskedWork): string {
  return `${upstreamId} ${mode} ${action}`;
}
