import { BodyBudget, type Room } from './body-budget.js';

export interface BodySharesOptions {
  /** Bytes for everybody together. */
  total: number;
  /** Bytes of it that one owner may hold; less than all, so that nobody can keep everybody else out. */
  share: number;
  /** Most that may wait in one line. */
  places: number;
}

/** A budget for all, of which each owner has a share: whoever waits for their own share is in nobody else's way. */
export class BodyShares {
  private readonly all: BodyBudget;
  private readonly owners = new Map<string, BodyBudget>();

  constructor(private readonly options: BodySharesOptions) {
    this.all = new BodyBudget(options.total, options.places);
  }

  /** Bytes in use now. */
  get inUse(): number {
    return this.all.inUse;
  }

  /** Owners that hold room or wait for it. */
  get ownerCount(): number {
    return this.owners.size;
  }

  /** Room of the owner's share and of the whole; null as {@link BodyBudget.take} has it. */
  async take(owner: string, bytes: number, signal: AbortSignal): Promise<Room | null> {
    const share = this.owners.get(owner) ?? new BodyBudget(this.options.share, this.options.places);
    this.owners.set(owner, share);
    const own = await share.take(bytes, signal);
    const room = own === null ? null : await this.all.take(bytes, signal);
    if (own !== null && room !== null) {
      return {
        shrinkTo: (left) => [own, room].forEach((one) => one.shrinkTo(left)),
        leave: () => {
          [own, room].forEach((one) => one.leave());
          this.forget(owner);
        },
      };
    }
    own?.leave();
    this.forget(owner);
    return null;
  }

  private forget(owner: string): void {
    if (this.owners.get(owner)?.isIdle === true) this.owners.delete(owner);
  }
}
