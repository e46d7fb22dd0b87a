/** A mutex for each key: work of one key goes one after the other, in the order of the calls; keys do not wait for each other. */
export class KeyedMutex {
  /** The work of each key that comes last; only keys that have any. */
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does `work` once all earlier work of this key has ended, failed or not. @throws what `work` throws */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = this.after(this.last.get(key), work);
    this.last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(key) === turn) this.last.delete(key);
    }
  }

  /** True: no key has work under way. */
  get isIdle(): boolean {
    return this.last.size === 0;
  }

  private async after<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
    await before?.catch(() => undefined);
    return work();
  }
}
