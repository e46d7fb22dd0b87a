import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { TaskSaver } from '../store/task-saver.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TrackingOptions } from '../tracking-options.js';

const TICK_MS = 60_000;
const DAY_MS = 86_400_000;
/** Batch sizes that keep each statement short, so that a sweep holds no lock for long. */
const KEYS_AT_ONCE = 1_000;
const TASKS_AT_ONCE = 100;

/**
 * Each minute repairs the poll schedule, deletes Idempotency-Keys older than 24 h, cancels modals that stayed
 * unconfirmed for 24 h, and ends tasks whose upstream has been silent for 24 h after their deadline.
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

  /** Sweeps until nothing overdue is left or shutdown begins. @throws DatabaseUnavailableError */
  async sweep(): Promise<void> {
    await this.tasks.mendPolls();
    await this.whileFull(KEYS_AT_ONCE, () => this.tasks.forgetKeys(DAY_MS, KEYS_AT_ONCE));
    await this.whileFull(TASKS_AT_ONCE, () => this.endOverdueModals());
    await this.whileFull(TASKS_AT_ONCE, () => this.endUnheard());
  }

  private async whileFull(full: number, batch: () => Promise<number>): Promise<void> {
    while (!this.scheduler.shutdownSignal.aborted) if ((await batch()) < full) return;
  }

  /**
   * Cancels a batch of overdue modals.
   * @returns how many were ended; fewer than the batch if another replica ended some concurrently
   */
  private async endOverdueModals(): Promise<number> {
    const modals = await this.tasks.overdueModals(DAY_MS, TASKS_AT_ONCE);
    const now = this.database.now();
    const changes = modals.map((task) => task.on({ kind: 'window_expired', source: 'clock' }, now));
    return (await this.saver.save(changes.filter((change) => change !== null))).size;
  }

  private async endUnheard(): Promise<number> {
    const unheard = await this.tasks.overdueUnheard(DAY_MS, TASKS_AT_ONCE);
    const now = this.database.now();
    const changes = unheard.map((task) => task.on({ kind: 'unheard', source: 'clock' }, now));
    return (await this.saver.save(changes.filter((change) => change !== null))).size;
  }
}
