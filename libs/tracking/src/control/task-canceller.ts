import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache } from '#libs/upstream';
import { cancelWayOf } from '../task/rules/on-cancel.js';
import { TaskSaver } from '../store/task-saver.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** Result of a cancel request. */
export type CancelOutcome =
  /** The task is cancelled, or its upstream was asked to cancel it. */
  | { kind: 'done' }
  | { kind: 'unknown_task' }
  | { kind: 'finished' }
  /** The task cannot be cancelled. `passing`: a later attempt may succeed. */
  | { kind: 'not_supported'; passing: boolean };

/** Most attempts on a row that is changed concurrently. */
const MAX_ROUNDS = 4;

/** Cancels tasks: at once if no upstream works on them, otherwise by asking the upstream. */
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
          // Cancelled since the first round, by the upstream of this call or by another call: the request is fulfilled.
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

  /** Asks the upstream. @returns null if the upstream did not decline */
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

  /** Saves the event. False: the row was changed concurrently. */
  private async save(task: Task, kind: 'cancelled' | 'cancel_asked'): Promise<boolean> {
    const change = task.on({ kind, source: 'api' }, this.database.now());
    return change !== null && (await this.saver.saveNow(change));
  }
}
