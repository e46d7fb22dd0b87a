import { Injectable } from '@nestjs/common';
import { Database, type StatementRunner } from '#libs/database';
import { HookDispatcher } from '#libs/hooks';
import type { TaskEvent } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** What became of an operator's move. */
export type AdminMove =
  /** `task` as it is now. */
  | { kind: 'done'; task: Task }
  | { kind: 'unknown_task' }
  /** It has ended, so it cannot be ended. */
  | { kind: 'finished'; task: Task }
  /** It costs nothing now. */
  | { kind: 'nothing_to_refund'; task: Task }
  /** It changed each time it was looked at; nothing was done. */
  | { kind: 'busy' };

type AdminEvent = Extract<TaskEvent, { kind: 'failed_by_admin' | 'refunded' }>;

/** Writes down who did it, in the transaction of the move itself. */
export type Recorder = (runner: StatementRunner, task: Task) => Promise<void>;

/** A poll and an operator who meet at one row do so once or twice, not eight times. */
const MAX_ROUNDS = 8;

/** What operators may do to a task of any key: end it, and give its credits back. */
@Injectable()
export class TaskAdmin {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly hooks: HookDispatcher,
    private readonly database: Database,
  ) {}

  /** Ends it in FAILURE, refunded. @param reason what its client is told @throws DatabaseUnavailableError */
  async fail(id: string, reason: string, record: Recorder): Promise<AdminMove> {
    return this.move(id, { kind: 'failed_by_admin', source: 'admin', reason }, record);
  }

  /** Gives back what it costs, once. @param note why, for the ledger @throws DatabaseUnavailableError */
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
