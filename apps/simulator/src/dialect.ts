import { type FastifyInstance } from 'fastify';
import { type InputStore } from './inputs/input-store.js';
import { type Describer } from './submit/describer.js';
import { type HookCaller } from './tasks/hook-caller.js';
import { type WorkFinder } from './tasks/work-record.js';

/** What the dialects of one simulator have in common. */
export interface Shared {
  /** Folder of the simulator; a dialect keeps its tasks in it or in a folder below. */
  readonly dir: string;
  /** What clients must show; null asks for nothing. */
  readonly secret: string | null;
  /** How long an imagine runs, ms. */
  readonly runMs: number;
  /** Tasks of a dialect that run at once; null leaves it to the dialect. */
  readonly concurrency: number | null;
  /** Tasks of a dialect that may wait, where it has a queue. */
  readonly queue: number;
  /** Base of picture links without a slash at its end. */
  readonly base: () => string;
  readonly inputs: InputStore;
  readonly describer: Describer;
  readonly hooks: HookCaller;
}

/** One wire that the simulator speaks, beside others on the same server: base paths must not collide. */
export interface Dialect {
  /** Where its tasks are: whoever mounts the dialect opens, resumes and closes it. */
  readonly desk: DialectDesk;
  /** Mounts its routes in a scope of its own: hooks and an error handler that are set there stay there. */
  mount(scope: FastifyInstance): void;
}

/** What a desk offers whatever the form of its tasks. */
export interface DialectDesk {
  /** Its tasks, for the picture routes; ids must not collide with those of other dialects. */
  readonly store: WorkFinder;
  /** Reads what was accepted before. @throws when the folder cannot be used */
  open(now: Date): Promise<void>;
  /** Goes on with what is unfinished; the server listens by then. */
  resume(now: number): Promise<void>;
  /** Stops the timers; what was accepted is on disk when it resolves. */
  close(): Promise<void>;
}
