import { setTimeout as sleep } from 'node:timers/promises';

import { type EmbeddedPostgres } from '../postgres/start-postgres.js';
import { describeExit, type ChildService } from './child-service.js';

/** One thing that was started. */
interface Service {
  /** Settles with a sentence when it dies without being asked to. */
  death: Promise<string>;
  /** @returns what went wrong; undefined when nothing did. */
  stop(withinMs: number): Promise<string | undefined>;
  /** What its stop keeps free for the services that are stopped after it, ms. */
  reserveMs: number;
}

/** From the first signal to the end; a supervisor that waits 20 s must not come first. */
const STOP_LIMIT_MS = 19_500;
/** A fast shutdown takes well below 100 ms. */
const DATABASE_RESERVE_MS = 1_500;
const CHILD_RESERVE_MS = 500;
const WATCH_INTERVAL_MS = 1_000;

/** What runs, in the order in which it was started. */
export class RunningServices {
  private readonly services: Service[] = [];
  private readonly ended = new AbortController();

  constructor(private readonly warn: (text: string) => void) {}

  /** Adds a child that is not to end by itself. */
  addChild(child: ChildService): void {
    const { name } = child;
    this.services.push({
      death: child.exited.then((exit) => `The ${name} ended unexpectedly ${describeExit(exit)}.`),
      stop: async (withinMs) => {
        const result = await child.stop(withinMs);
        switch (result.kind) {
          case 'gone':
          case 'drained':
            return undefined;
          case 'failed':
            return `The ${name} ended ${describeExit(result.exit)}.`;
          case 'killed':
            return `The ${name} did not end in time and was killed.`;
        }
      },
      reserveMs: CHILD_RESERVE_MS,
    });
  }

  /** Adds the embedded PostgreSQL; one that was adopted is nobody's child, so it is looked at each second. */
  addDatabase(postgres: EmbeddedPostgres): void {
    this.services.push({
      death: this.watchDatabase(postgres),
      stop: async (withinMs) => {
        await postgres.stop(withinMs);
        return undefined;
      },
      reserveMs: DATABASE_RESERVE_MS,
    });
  }

  /** Waits for `stop` or a death. @returns the sentence about the death; undefined after `stop`. */
  async firstDeath(stop: AbortSignal): Promise<string | undefined> {
    const asked = new Promise<undefined>((resolve) => {
      stop.addEventListener('abort', () => resolve(undefined), { once: true });
      if (stop.aborted) resolve(undefined);
    });
    return Promise.race([asked, ...this.services.map((service) => service.death)]);
  }

  /** Stops all, the last started first, within 19.5 s. @returns whether everything ended as it should. */
  async stopAll(): Promise<boolean> {
    this.ended.abort();
    const deadline = performance.now() + STOP_LIMIT_MS;
    let orderly = true;
    while (this.services.length > 0) {
      const service = this.services.pop()!;
      const reserved = this.services.reduce((sum, { reserveMs }) => sum + reserveMs, 0);
      const problem = await service.stop(Math.max(500, deadline - performance.now() - reserved));
      if (problem === undefined) continue;
      orderly = false;
      this.warn(`${problem}\n`);
    }
    return orderly;
  }

  private async watchDatabase(postgres: EmbeddedPostgres): Promise<string> {
    const { signal } = this.ended;
    try {
      while (postgres.isRunning()) await sleep(WATCH_INTERVAL_MS, undefined, { signal });
    } catch {
      return 'The database was stopped.';
    }
    return `PostgreSQL (pid ${postgres.pid}) ended unexpectedly; its log is ${postgres.home}/postgres.log.`;
  }
}
