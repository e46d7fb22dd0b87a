/** Most at one time, and who may wait. */
export interface OwnerGateOptions {
  /** Of all owners together. */
  total: number;
  /** Of one owner. */
  perOwner: number;
  /** Waiting ones of one owner. */
  places: number;
}

interface Owner {
  running: number;
  waiting: (() => void)[];
}

/** Lets so many in at one time, and of one owner fewer. Who waits is let in as places become free, owner by owner. */
export class OwnerGate {
  private readonly owners = new Map<string, Owner>();
  private running = 0;

  constructor(private readonly options: OwnerGateOptions) {}

  /** How many are in now. */
  get inside(): number {
    return this.running;
  }

  /** Whether it came in, now or in its turn; false at once where too many of its owner wait. To be left once it was let in. */
  async enter(name: string): Promise<boolean> {
    const owner = this.owners.get(name) ?? { running: 0, waiting: [] };
    this.owners.set(name, owner);
    if (this.running < this.options.total && owner.running < this.options.perOwner) {
      this.count(owner, 1);
      return true;
    }
    if (owner.waiting.length >= this.options.places) return false;
    await new Promise<void>((resolve) => owner.waiting.push(resolve));
    return true;
  }

  leave(name: string): void {
    const owner = this.owners.get(name);
    if (owner === undefined) return;
    this.count(owner, -1);
    this.admit();
    if (owner.running === 0 && owner.waiting.length === 0) this.owners.delete(name);
  }

  private admit(): void {
    const { total, perOwner } = this.options;
    for (const [name, owner] of this.owners) {
      if (this.running >= total) return;
      if (owner.running >= perOwner) continue;
      const enter = owner.waiting.shift();
      if (enter === undefined) continue;
      this.count(owner, 1);
      // Behind all others, for the next place.
      this.owners.delete(name);
      this.owners.set(name, owner);
      enter();
      return;
    }
  }

  private count(owner: Owner, by: 1 | -1): void {
    owner.running += by;
    this.running += by;
  }
}
