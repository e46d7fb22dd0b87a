import { Injectable } from '@nestjs/common';
import { Database, type StatementRunner } from '#libs/database';
import { HookDispatcher } from '#libs/hooks';
import type { TaskEvent } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** Result of an operator's action on a task. */
export type AdminMove =
  /** The action was done; `task` is the changed task. */
  | { kind: 'done'; task: Task }
  | { kind: 'unknown_task' }
  /** The task has ended already. */
  | { kind: 'finished'; task: Task }
  /** The task costs nothing (any more). */
  | { kind: 'nothing_to_refund'; task: Task }
  /** The row was changed concurrently each time; nothing was done. */
  | { kind: 'busy' };

type AdminEvent = Extract<TaskEvent, { kind: 'failed_by_admin' | 'refunded' }>;

/** Writes the audit entry in the transaction of the action itself. */
export type Recorder = (runner: StatementRunner, task: Task) => Promise<void>;

/**
 * Most attempts on a row that is changed concurrently: a poll and an operator collide once or twice, not eight times.
 */
const MAX_ROUNDS = 8;

/** Actions of operators on tasks of any key: end a task, refund a task. */
@Injectable()
export class TaskAdmin {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly hooks: HookDispatcher,
    private readonly database: Database,
  ) {}

  /**
   * Ends a task in FAILURE, refunded.
   * @param reason text that the client reads
   * @throws DatabaseUnavailableError
   */
  async fail(id: string, reason: string, record: Recorder): Promise<AdminMove> {
    return this.move(id, { kind: 'failed_by_admin', source: 'admin', reason }, record);
  }

  /**
   * Refunds the current cost of a task, once.
   * @param note reason, for the ledger
   * @throws DatabaseUnavailableError
   */
  async refund(id: string, note: string, record: Recorder): Promise<AdminMove> {
    return this.move(id, { kind: 'refunded', source: 'admin', note }, record);
  }

  private async move(id: string, event: AdminEvent, record: Recorder): Promise<AdminMove> {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const task = await this.tasks.findAny(id);
      if (task === null) return { kind: 'unknown_task' };
      const change = task.on(event, this.database.now());
      if (change === null) return { kind: event.kind === 'refunded' ? 'nothing_to_refund' : 'finished', task };
      const isSaved = await this.database.transaction('http', async (runner) => {
        if (!(await this.tasks.saveWithin(runner, change))) return false;
        await record(runner, task);
        return true;
      });
      if (!isSaved) continue;
      this.tasks.notifyCommitted(change);
      if (task.notifyHook !== null) this.hooks.nudge();
      return { kind: 'done', task };
    }
    return { kind: 'busy' };
  }
}
