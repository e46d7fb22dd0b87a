export interface PermitLimits {
  /** Permits of all keys together. */
  total: number;
  /** Permits that one key may hold. */
  perKey: number;
  /** Callers of one key that may wait; one more is refused at once. */
  waitersPerKey: number;
  /** How long a caller waits, ms. */
  waitMs: number;
}

/**
 * Why no permit was granted. `key`: the key holds its share, and has as many callers waiting as it may, or this one waited
 * for too long · `all`: other keys hold all permits · `gone`: the caller's signal was aborted
 */
export type PermitRefusal = 'key' | 'all' | 'gone';

/** No permit was granted: the work was not begun, and may be tried again. */
export class PermitRefusedError extends Error {
  constructor(readonly reason: PermitRefusal) {
    super(`no permit: ${reason}`);
  }
}

interface Waiter {
  grant: () => void;
}

interface Holder {
  held: number;
  waiters: Set<Waiter>;
}

/** How a caller waits. */
export interface PermitWait {
  /** Aborted when the caller has left. */
  signal?: AbortSignal;
  /** Longest wait, ms; the limit's unless given. */
  waitMs?: number;
  /** True: the work goes on with something that has begun, so its caller may wait however many of its key wait already. */
  isContinuation?: boolean;
}

/**
 * A fair semaphore with a share for each key: waiting keys are served in turn, and none holds more than its share, so that
 * one key makes another wait no longer than for the work of the keys before it in the turn.
 */
export class KeyPermits {
  private readonly holders = new Map<string, Holder>();
  private readonly refusals: Record<PermitRefusal, number> = { key: 0, all: 0, gone: 0 };
  private taken = 0;

  constructor(readonly limits: PermitLimits) {}

  /** Permits that are held. */
  get held(): number {
    return this.taken;
  }

  /** Callers that wait for a permit. */
  get waiting(): number {
    let waiting = 0;
    for (const { waiters } of this.holders.values()) waiting += waiters.size;
    return waiting;
  }

  /** Callers that were refused so far, by reason. */
  get refused(): Readonly<Record<PermitRefusal, number>> {
    return this.refusals;
  }

  /** Does `work` under a permit of this key. @throws PermitRefusedError before `work` is begun; what `work` throws */
  async run<T>(key: string, work: () => Promise<T>, wait: PermitWait = {}): Promise<T> {
    const release = await this.acquire(key, wait);
    try {
      return await work();
    } finally {
      release();
    }
  }

  /** Acquires a permit. @returns releases it; a second call does nothing. @throws PermitRefusedError */
  acquire(
    key: string,
    { signal, waitMs = this.limits.waitMs, isContinuation = false }: PermitWait = {},
  ): Promise<() => void> {
    const holder = this.holders.get(key) ?? { held: 0, waiters: new Set<Waiter>() };
    if (signal?.aborted === true) return Promise.reject(this.refusal('gone'));
    if (this.taken < this.limits.total && holder.held < this.limits.perKey) {
      this.holders.set(key, holder);
      return Promise.resolve(this.grantTo(key, holder));
    }
    if (!isContinuation && holder.waiters.size >= this.limits.waitersPerKey) return Promise.reject(this.refusal('key'));
    this.holders.set(key, holder);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onGone);
        holder.waiters.delete(waiter);
      };
      const giveUp = (reason: PermitRefusal): void => {
        leave();
        this.forget(key, holder);
        reject(this.refusal(reason));
      };
      const onGone = (): void => giveUp('gone');
      const timer = setTimeout(() => giveUp(holder.held >= this.limits.perKey ? 'key' : 'all'), waitMs);
      const waiter = { grant: () => (leave(), resolve(this.grantTo(key, holder))) };
      signal?.addEventListener('abort', onGone);
      holder.waiters.add(waiter);
    });
  }

  private grantTo(key: string, holder: Holder): () => void {
    this.taken += 1;
    holder.held += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.taken -= 1;
      holder.held -= 1;
      this.forget(key, holder);
      this.grantNext();
    };
  }

  /** Grants a permit to the key that has waited longest for its turn and may hold one more. */
  private grantNext(): void {
    for (const [key, holder] of this.holders) {
      if (this.taken >= this.limits.total) return;
      const [next] = holder.waiters;
      if (next === undefined || holder.held >= this.limits.perKey) continue;
      // Behind all others: its turn comes again after theirs.
      this.holders.delete(key);
      this.holders.set(key, holder);
      next.grant();
      return;
    }
  }

  private forget(key: string, { held, waiters }: Holder): void {
    if (held === 0 && waiters.size === 0) this.holders.delete(key);
  }

  private refusal(reason: PermitRefusal): PermitRefusedError {
    this.refusals[reason] += 1;
    return new PermitRefusedError(reason);
  }
}
