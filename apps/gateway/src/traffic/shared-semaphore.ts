import type { RequestLife } from './request-life.js';

/** `quota`: its owner holds as much as one may; `total`: all owners together hold all there is. */
export type LimitRefusal = 'quota' | 'total';

/** Who acquires, and the most that one such owner may hold. */
export interface Permit {
  owner: string;
  quota: number;
}

interface Hold {
  owner: string;
  amount: number;
}

/** A client that has read nothing of its answer for so long, ms, may lose its connection to one that waits. */
const STALLED_MS = 1_000;
/** How long the result of a search that found no stalled client is kept, ms: under overload every request would search. */
const SEARCH_MS = 250;

/**
 * A weighted semaphore with a quota for each owner: requests hold an amount (of places, of bytes) until they end. Where nothing
 * is left, the client that has stalled longest is cut first: it must not keep out clients that read their answers.
 */
export class SharedSemaphore {
  private readonly holds = new Map<RequestLife, Hold>();
  private readonly owners = new Map<string, number>();
  private amount = 0;
  private nobodyStalledUntil = -Infinity;

  constructor(
    readonly total: number,
    /** ms, of a clock that only goes on. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  get used(): number {
    return this.amount;
  }

  /** Owners that hold something. */
  get ownerCount(): number {
    return this.owners.size;
  }

  /** Acquires an amount until the request ends; null: it is acquired. A request does so once. */
  acquire(life: RequestLife, { owner, quota }: Permit, amount = 1): LimitRefusal | null {
    while (this.heldBy(owner) + amount > quota) if (!this.cutStalled(owner)) return 'quota';
    while (this.amount + amount > this.total) if (!this.cutStalled(null)) return 'total';
    if (life.hasEnded) return null;
    this.holds.set(life, { owner, amount });
    this.count(owner, amount);
    life.onEnd(() => this.release(life));
    return null;
  }

  /** Counts what a request holds as another owner's from now on; null: it is. */
  move(life: RequestLife, { owner, quota }: Permit): LimitRefusal | null {
    const hold = this.holds.get(life);
    if (hold === undefined) return null;
    while (this.heldBy(owner) + hold.amount > quota) if (!this.cutStalled(owner)) return 'quota';
    this.count(hold.owner, -hold.amount);
    hold.owner = owner;
    this.count(owner, hold.amount);
    return null;
  }

  private heldBy(owner: string): number {
    return this.owners.get(owner) ?? 0;
  }

  private release(life: RequestLife): void {
    const hold = this.holds.get(life);
    if (hold === undefined) return;
    this.holds.delete(life);
    this.count(hold.owner, -hold.amount);
  }

  private count(owner: string, change: number): void {
    this.amount += change;
    const left = this.heldBy(owner) + change;
    if (left > 0) this.owners.set(owner, left);
    else this.owners.delete(owner);
  }

  /** Whether somebody was cut. @param owner whose; null: anybody's */
  private cutStalled(owner: string | null): boolean {
    const now = this.now();
    if (owner === null && now < this.nobodyStalledUntil) return false;
    let victim: RequestLife | null = null;
    let longest = STALLED_MS;
    for (const [life, hold] of this.holds) {
      if (owner !== null && hold.owner !== owner) continue;
      const stalledMs = life.stalledMs(now);
      if (stalledMs < longest) continue;
      victim = life;
      longest = stalledMs;
    }
    if (victim === null) {
      if (owner === null) this.nobodyStalledUntil = now + SEARCH_MS;
      return false;
    }
    victim.cut('room');
    this.release(victim);
    return true;
  }
}
