import { raceTimeout } from '#libs/runtime';

/** Counts work under way, for a shutdown that has to wait for it. */
export class WaitGroup {
  private readonly all = new Set<Promise<void>>();

  /** Counts this work until it ends. @param work must not reject */
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
