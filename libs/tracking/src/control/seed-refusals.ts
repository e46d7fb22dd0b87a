import { LRUCache } from 'lru-cache';
import { monotonicMs } from '#libs/runtime';

/**
 * Refusals without effect: a first refusal may be temporary, because the seed comes by a message that some servers
 * miss.
 */
const PASSING = 1;
/** How long a second refusal counts, ms; each further one counts twice as long. */
const FIRST_MS = 600_000;
const LONGEST_MS = 86_400_000;
const MAX_REMEMBERED = 10_000;

interface Refusal {
  count: number;
  words: string;
  until: number;
}

/**
 * Remembers, in this process, the tasks whose seed an upstream refused, so that the upstream is not asked again and
 * again.
 */
export class SeedRefusals {
  private readonly refusals = new LRUCache<string, Refusal>({ max: MAX_REMEMBERED });

  constructor(private readonly clock: () => number = monotonicMs) {}

  /** The text of a refusal that still counts; null if the upstream may be asked. */
  of(taskId: string): string | null {
    const refusal = this.refusals.get(taskId);
    return refusal !== undefined && refusal.until > this.clock() ? refusal.words : null;
  }

  /** Records that the upstream refused the seed of a task, with its text. */
  add(taskId: string, words: string): void {
    const count = (this.refusals.get(taskId)?.count ?? 0) + 1;
    const ms = count <= PASSING ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - PASSING - 1));
    this.refusals.set(taskId, { count, words, until: this.clock() + ms });
  }
}
