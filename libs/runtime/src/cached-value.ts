import { monotonicMs, type MonotonicClock } from './monotonic-clock.js';

interface Loaded<V> {
  promise: Promise<V>;
  isKnown: boolean;
  value: V | undefined;
  /** Of the clock. */
  until: number;
}

/**
 * TTL cache of one value: it is loaded when somebody asks for it, and known for `ttlMs` from when that load began. Callers
 * share the load; a failed one is not remembered.
 */
export class CachedValue<V> {
  private loaded: Loaded<V> | null = null;

  constructor(
    private readonly ttlMs: number,
    private readonly clock: MonotonicClock = monotonicMs,
  ) {}

  /**
   * The value: at once where it is known, for a promise costs more than the look; else by `load`, or by the load under way.
   * @throws what the load throws (rejects)
   */
  get(load: () => Promise<V>): V | Promise<V> {
    const now = this.clock();
    const { loaded } = this;
    const current = loaded !== null && loaded.until > now ? loaded : this.begin(load, now);
    return current.isKnown ? (current.value as V) : current.promise;
  }

  private begin(load: () => Promise<V>, now: number): Loaded<V> {
    const loaded: Loaded<V> = { promise: load(), isKnown: false, value: undefined, until: now + this.ttlMs };
    this.loaded = loaded;
    loaded.promise.then(
      (value) => Object.assign(loaded, { value, isKnown: true }),
      () => {
        if (this.loaded === loaded) this.loaded = null;
      },
    );
    return loaded;
  }
}
