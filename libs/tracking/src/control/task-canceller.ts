import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache } from '#libs/upstream';
import { cancelWayOf } from '../task/rules/on-cancel.js';
import { TaskSaver } from '../store/task-saver.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** What became of a wish to cancel. */
export type CancelOutcome =
  /** It is cancelled, or its upstream was asked to. */
  | { kind: 'done' }
  | { kind: 'unknown_task' }
  | { kind: 'finished' }
  /** It cannot be cancelled. `passing`: trying again later makes sense. */
  | { kind: 'not_supported'; passing: boolean };

/** How often a task is looked at anew because its row was changed in between. */
const MAX_ROUNDS = 4;

/** Cancels tasks: here where no upstream works at them yet, else by asking the upstream. */
@Injectable()
export class TaskCanceller {
  constructor(
    private readonly tasks: TaskRepository,
    private readonly saver: TaskSaver,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
  ) {}

  /** @throws DatabaseUnavailableError */
  async cancel(id: string, apiKeyId: string): Promise<CancelOutcome> {
    let wasAsked = false;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const task = await this.tasks.find(id, apiKeyId);
      if (task === null) return { kind: 'unknown_task' };
      const way = cancelWayOf(task, this.database.now());
      switch (way) {
        case 'finished':
          // Cancelled in between, by this very call's upstream or by another call: that is what was wished for.
          return round > 1 && task.status === 'CANCEL' ? { kind: 'done' } : { kind: 'finished' };
        case 'asked':
          return { kind: 'done' };
        case 'not_now':
          return { kind: 'not_supported', passing: true };
        case 'at_once':
          if (await this.save(task, 'cancelled')) return { kind: 'done' };
          break;
        case 'ask': {
          const refusal = wasAsked ? null : await this.ask(task);
          if (refusal !== null) return refusal;
          wasAsked = true;
          if (await this.save(task, 'cancel_asked')) return { kind: 'done' };
          break;
        }
      }
    }
    return { kind: 'not_supported', passing: true };
  }

  /** Null: the upstream was asked and did not decline. */
  private async ask(task: Task): Promise<CancelOutcome | null> {
    const up = task.upstreamId === null ? null : this.upstreams.find(task.upstreamId);
    if (up === null || task.upstreamTaskId === null) return { kind: 'not_supported', passing: false };
    try {
      const isAsked = await this.adapter.cancel(up, task.upstreamTaskId);
      return isAsked ? null : { kind: 'not_supported', passing: false };
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return { kind: 'not_supported', passing: true };
    }
  }

  /** False: someone changed it in between. */
  private async save(task: Task, kind: 'cancelled' | 'cancel_asked'): Promise<boolean> {
    const change = task.on({ kind, source: 'api' }, this.database.now());
    return change !== null && (await this.saver.saveNow(change));
  }
}
