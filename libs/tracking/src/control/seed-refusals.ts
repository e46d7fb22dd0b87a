import { LRUCache } from 'lru-cache';
import { monotonicMs } from '#libs/runtime';

/** A first refusal may be a passing one: the seed comes by a message that some servers miss. */
const PASSING = 1;
/** How long it is believed after the second one, ms; twice as long after each further one. */
const FIRST_MS = 600_000;
const LONGEST_MS = 86_400_000;
const MAX_REMEMBERED = 10_000;

interface Refusal {
  count: number;
  words: string;
  until: number;
}

/** What upstreams refused the seed of, in this process: they are not asked again and again. */
export class SeedRefusals {
  private readonly refusals = new LRUCache<string, Refusal>({ max: MAX_REMEMBERED });

  constructor(private readonly clock: () => number = monotonicMs) {}

  /** The words of a refusal that still counts; null where the upstream may be asked. */
  of(taskId: string): string | null {
    const refusal = this.refusals.get(taskId);
    return refusal !== undefined && refusal.until > this.clock() ? refusal.words : null;
  }

  /** The upstream refused a seed, in these words. */
  add(taskId: string, words: string): void {
    const count = (this.refusals.get(taskId)?.count ?? 0) + 1;
    const ms = count <= PASSING ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - PASSING - 1));
    this.refusals.set(taskId, { count, words, until: this.clock() + ms });
  }
}
