/** Something of which requests hold a part: how much is held now, and of how much. */
export interface Share {
  /** As in the metric `journeyman_share_used`: snake case, with its unit where it is no count. */
  name: string;
  /** The most that may be held; null: no limit of its own. */
  limit: number | null;
  used: () => number;
}

/** Everything that requests hold a part of, for whoever looks (metrics). What holds nothing reads 0. */
export class Shares {
  private readonly shares = new Map<string, Share>();

  /** @throws Error for a name that is taken */
  add(share: Share): void {
    if (this.shares.has(share.name)) throw new Error(`there are two shares ${share.name}`);
    this.shares.set(share.name, share);
  }

  all(): Iterable<Share> {
    return this.shares.values();
  }
}
