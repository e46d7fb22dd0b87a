import { LRUCache } from 'lru-cache';
import { CachedValue } from './cached-value.js';
import { monotonicMs, type MonotonicClock } from './monotonic-clock.js';

export interface LoadingCacheOptions {
  /** Keys that are remembered; the one that was asked for longest ago is forgotten first. */
  max: number;
  /** How long a value is known from when its load began, ms. */
  ttlMs: number;
}

/** TTL cache of values by key, each as {@link CachedValue}, bounded as an LRU cache. */
export class LoadingCache<V> {
  private readonly entries: LRUCache<string, CachedValue<V>>;

  constructor(
    private readonly options: LoadingCacheOptions,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {
    this.entries = new LRUCache({ max: options.max });
  }

  /** The value of a key, as {@link CachedValue.get}. @throws what the load throws (rejects) */
  get(key: string, load: () => Promise<V>): V | Promise<V> {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = new CachedValue<V>(this.options.ttlMs, this.clock);
      this.entries.set(key, entry);
    }
    return entry.get(load);
  }

  /** Forgets a key: the next who asks loads it, even while a load is under way. */
  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Forgets all keys. */
  clear(): void {
    this.entries.clear();
  }
}
