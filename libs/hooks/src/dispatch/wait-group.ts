import { raceTimeout } from '#libs/runtime';

/** Work that a shutdown has to wait for. */
export class WaitGroup {
  private readonly all = new Set<Promise<void>>();

  /** @param work must not reject */
  add(work: Promise<void>): void {
    const kept = work.finally(() => this.all.delete(kept));
    this.all.add(kept);
  }

  /** Resolves once nothing is under way, or after `ms`. */
  async wait(ms?: number): Promise<void> {
    const all = Promise.all(this.all).then(() => undefined);
    return ms === undefined ? all : raceTimeout(ms, all, () => undefined);
  }
}
