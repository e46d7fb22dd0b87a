import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from './fleet.js';
import { pick } from './random.js';

/** Kills a gateway at random every so often and starts another, until it is called off. */
export class Nemesis {
  private readonly leaving = new AbortController();
  private readonly starting = new Set<Promise<unknown>>();
  private readonly work: Promise<void>;

  constructor(
    private readonly fleet: Fleet,
    private readonly options: { everyMs: number; random: () => number },
  ) {
    this.work = this.haunt();
  }

  /** Kills no more; resolves when every gateway that it had started anew is up. */
  async callOff(): Promise<void> {
    this.leaving.abort();
    await this.work;
    await Promise.all(this.starting);
  }

  private async haunt(): Promise<void> {
    const { everyMs, random } = this.options;
    for (;;) {
      await sleep(everyMs, undefined, { signal: this.leaving.signal }).catch(() => undefined);
      if (this.leaving.signal.aborted) return;
      const up = this.fleet.up();
      const victim = pick(up, random);
      // A start takes longer than a kill: the last one is spared, or nobody would be left to be killed.
      if (victim === undefined || up.length < 2) continue;
      await this.fleet.kill(victim);
      const start = this.fleet.start().finally(() => this.starting.delete(start));
      this.starting.add(start);
    }
  }
}
