import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#libs/database';
import { UpstreamAdapter, UpstreamCallError, type Snapshot, type UpstreamTarget } from '#libs/upstream';
import type { Change } from './change.js';
import { pauseAfterFailures, type Pace } from './poll-pace.js';
import { TaskSaver } from './task-saver.js';
import type { Task } from './task.entity.js';
import { TaskRepository } from './task.repository.js';
import { TrackingOptions } from './tracking-options.js';

const BATCH = 100;
/** Longer than the longest poll and save together: a claim that ends earlier would be polled twice. */
const LEASE_MS = 30_000;

/** One upstream's failures in a row, as this replica saw them. */
interface Health {
  failures: number;
  pausedUntil: number;
}

/** Brings tasks up to date with their upstream: claim, ask, decide, save. */
@Injectable()
export class TaskSync {
  private readonly log = new Logger(TaskSync.name);
  private readonly health = new Map<string, Health>();
  private readonly pace: Pace;

  constructor(
    private readonly tasks: TaskRepository,
    private readonly saver: TaskSaver,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {
    this.pace = { minMs: options.pollMinMs, random: Math.random };
  }

  /** Whether this upstream is left alone for now, because it failed. */
  isPaused(upstreamId: string): boolean {
    return (this.health.get(upstreamId)?.pausedUntil ?? 0) > Date.now();
  }

  /** Syncs one batch of due tasks; gives how many there were. @throws DatabaseUnavailableError */
  async syncDue(up: UpstreamTarget): Promise<number> {
    const tasks = await this.tasks.claimDue(up.id, BATCH, LEASE_MS);
    if (tasks.length === 0) return 0;
    let snapshots: Snapshot[];
    try {
      snapshots = await this.adapter.fetchMany(
        up,
        tasks.map(({ upstreamTaskId }) => upstreamTaskId ?? ''),
      );
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      await this.tasks.postpone(tasks, this.pause(up, error));
      return tasks.length;
    }
    this.health.delete(up.id);
    await this.saver.save(await this.decide(up, tasks, snapshots));
    return tasks.length;
  }

  private async decide(up: UpstreamTarget, tasks: readonly Task[], snapshots: readonly Snapshot[]): Promise<Change[]> {
    const byId = new Map(snapshots.map((snapshot) => [snapshot.upstreamTaskId, snapshot]));
    const changes: Change[] = [];
    for (const task of tasks) {
      const snapshot = byId.get(task.upstreamTaskId ?? '');
      const change = snapshot === undefined ? await this.onAbsent(up, task) : this.onSnapshot(task, snapshot);
      if (change !== null) changes.push(change);
    }
    return changes;
  }

  private onSnapshot(task: Task, snapshot: Snapshot): Change | null {
    return task.on({ kind: 'snapshot', source: 'poller', snapshot, pace: this.pace }, this.database.now());
  }

  /** Left out of an answer for long enough, it is asked for singly: only that may end it. */
  private async onAbsent(up: UpstreamTarget, task: Task): Promise<Change | null> {
    const now = this.database.now();
    const absentFor = task.missingSince === null ? 0 : now.getTime() - task.missingSince.getTime();
    if (absentFor < this.options.missingAfterMs)
      return task.on({ kind: 'absent', source: 'poller', pace: this.pace }, now);
    try {
      const snapshot = await this.adapter.fetch(up, task.upstreamTaskId ?? '');
      return snapshot === null ? task.on({ kind: 'missing', source: 'poller' }, now) : this.onSnapshot(task, snapshot);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      return task.on({ kind: 'absent', source: 'poller', pace: this.pace }, now);
    }
  }

  private pause(up: UpstreamTarget, error: UpstreamCallError): number {
    const failures = (this.health.get(up.id)?.failures ?? 0) + 1;
    const pauseMs = pauseAfterFailures(failures);
    this.health.set(up.id, { failures, pausedUntil: Date.now() + pauseMs });
    this.log.warn(`upstream ${up.name} did not answer a poll (${error.fault}); next try in ${pauseMs} ms`);
    return pauseMs;
  }
}
