import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { TaskSaver } from '../store/task-saver.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TrackingOptions } from '../tracking-options.js';

const TICK_MS = 60_000;
const DAY_MS = 86_400_000;
/** Short statements, so that a sweep holds nobody up. */
const KEYS_AT_ONCE = 1_000;
const TASKS_AT_ONCE = 100;

/**
 * Each minute mends what is polled, and ends what its time is up for: Idempotency-Keys, windows that nobody confirmed, and
 * tasks past their time whose upstream does not answer any more, all after 24 h.
 */
@Injectable()
export class TaskSweeper {
  constructor(
    private readonly scheduler: JobScheduler,
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly database: Database,
    options: TrackingOptions,
  ) {
    if (options.runsWork) scheduler.add({ name: TaskSweeper.name, everyMs: TICK_MS, work: () => this.sweep() });
  }

  /** Goes on until nothing old is left, or shutdown begins. @throws DatabaseUnavailableError */
  async sweep(): Promise<void> {
    await this.tasks.mendPolls();
    await this.whileFull(KEYS_AT_ONCE, () => this.tasks.forgetKeys(DAY_MS, KEYS_AT_ONCE));
    await this.whileFull(TASKS_AT_ONCE, () => this.endOverdueModals());
    await this.whileFull(TASKS_AT_ONCE, () => this.endUnheard());
  }

  private async whileFull(full: number, batch: () => Promise<number>): Promise<void> {
    while (!this.scheduler.shutdownSignal.aborted) if ((await batch()) < full) return;
  }

  /** How many were ended; fewer than there are where another replica ended some in between. */
  private async endOverdueModals(): Promise<number> {
    const windows = await this.tasks.overdueModals(DAY_MS, TASKS_AT_ONCE);
    const now = this.database.now();
    const changes = windows.map((task) => task.on({ kind: 'window_expired', source: 'clock' }, now));
    return (await this.saver.save(changes.filter((change) => change !== null))).size;
  }

  private async endUnheard(): Promise<number> {
    const unheard = await this.tasks.overdueUnheard(DAY_MS, TASKS_AT_ONCE);
    const now = this.database.now();
    const changes = unheard.map((task) => task.on({ kind: 'unheard', source: 'clock' }, now));
    return (await this.saver.save(changes.filter((change) => change !== null))).size;
  }
}
