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
/** Lost tasks of one batch that are asked for singly, all at once; the others have their turn at their next poll. */
const MAX_SINGLES = 8;

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
      snapshots = await this.ask(
        up,
        tasks.map(({ upstreamTaskId }) => upstreamTaskId ?? ''),
      );
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      await this.tasks.postpone(tasks, this.pause(up, error));
      return tasks.length;
    }
    this.health.delete(up.id);
    const byId = new Map(snapshots.map((snapshot) => [snapshot.upstreamTaskId, snapshot]));
    const lost = tasks
      .filter((task) => !byId.has(task.upstreamTaskId ?? '') && this.isLost(task))
      .slice(0, MAX_SINGLES);
    const changes = tasks
      .filter((task) => !lost.includes(task))
      .map((task) => {
        const snapshot = byId.get(task.upstreamTaskId ?? '');
        return snapshot === undefined ? this.onAbsent(task) : this.onSnapshot(task, snapshot);
      });
    await this.saver.save(changes.filter((change) => change !== null));
    // Only now, so that slow single answers hold none of the others up.
    const singles = await Promise.all(lost.map((task) => this.askSingly(up, task)));
    await this.saver.save(singles.filter((change) => change !== null));
    return tasks.length;
  }

  /** An answer that is too large or broken by one task is asked for in halves, so that the others go on. */
  private async ask(up: UpstreamTarget, ids: readonly string[]): Promise<Snapshot[]> {
    try {
      return await this.adapter.fetchMany(up, ids);
    } catch (error) {
      const isSplit = error instanceof UpstreamCallError && error.fault === 'unreadable' && ids.length > 1;
      if (!isSplit) throw error;
      const middle = Math.ceil(ids.length / 2);
      const halves = [ids.slice(0, middle), ids.slice(middle)];
      const answers = await Promise.allSettled(halves.map((half) => this.ask(up, half)));
      const read = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
      if (read.length === 0) throw error;
      return read.flat();
    }
  }

  private onSnapshot(task: Task, snapshot: Snapshot): Change | null {
    return task.on({ kind: 'snapshot', source: 'poller', snapshot, pace: this.pace }, this.database.now());
  }

  private onAbsent(task: Task): Change | null {
    return task.on({ kind: 'absent', source: 'poller', pace: this.pace }, this.database.now());
  }

  private isLost(task: Task): boolean {
    return this.absentFor(task) >= this.options.missingAfterMs;
  }

  /** How long the answers have left it out, ms. */
  private absentFor({ missingSince }: Task): number {
    return missingSince === null ? 0 : this.database.now().getTime() - missingSince.getTime();
  }

  /** Left out of the answers for long enough, it is asked for singly: only that may end it. */
  private async askSingly(up: UpstreamTarget, task: Task): Promise<Change | null> {
    const now = (): Date => this.database.now();
    try {
      const snapshot = await this.adapter.fetch(up, task.upstreamTaskId ?? '');
      if (snapshot === null) return task.on({ kind: 'missing', source: 'poller' }, now());
      return snapshot.upstreamTaskId === task.upstreamTaskId ? this.onSnapshot(task, snapshot) : this.onAbsent(task);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      // An upstream that lists others but never answers this question must not hold a task for ever.
      const patience = this.options.missingAfterMs + this.options.taskTimeoutMs[task.mode];
      return this.absentFor(task) < patience
        ? this.onAbsent(task)
        : task.on({ kind: 'missing', source: 'poller' }, now());
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
