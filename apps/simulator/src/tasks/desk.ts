import { Journal } from './journal.js';
import { type RunnerLimits, TaskRunner } from './task-runner.js';
import { TaskStore } from './task-store.js';
import { type WorkRecord } from './work-record.js';

/** Where the tasks of one dialect are: a journal, a store and places of its own. */
export class Desk<T extends WorkRecord> {
  readonly store: TaskStore<T>;
  readonly runner: TaskRunner<T>;
  private readonly journal: Journal<T>;

  /** `changed` is called after each change that a running task makes by itself. */
  constructor(folder: string, limits: RunnerLimits, changed: (task: T) => void) {
    this.journal = new Journal<T>(folder);
    this.store = new TaskStore(this.journal);
    this.runner = new TaskRunner(this.store, limits, changed);
  }

  /** Reads what was accepted before. @throws when the folder cannot be used */
  async open(now: Date): Promise<void> {
    this.store.restore(await this.journal.open(now));
  }

  /** Goes on with what is unfinished of what open has read. */
  resume(now: number): Promise<void> {
    return this.runner.resume(now);
  }

  /** Stops the timers; what was accepted is on disk when it resolves. */
  async close(): Promise<void> {
    this.runner.stop();
    await this.journal.close();
  }
}
