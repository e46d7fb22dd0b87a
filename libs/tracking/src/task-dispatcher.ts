import { BeforeApplicationShutdown, Injectable, OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '#libs/database';
import { UpstreamPool, type UpstreamTarget } from '#libs/upstream';
import type { Change } from './change.js';
import { fromInput } from './command-input.js';
import { TaskSaver } from './task-saver.js';
import { TaskSender } from './task-sender.js';
import { TaskRepository, type Dispatched } from './task.repository.js';
import { TrackingOptions } from './tracking-options.js';
import { WorkTracker } from './work-tracker.js';

const TICK_MS = 500;
const BATCH = 16;

/** Sends waiting tasks as slots become free, and ends those that have waited too long. */
@Injectable()
export class TaskDispatcher implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly work = new WorkTracker(TaskDispatcher.name);
  private readonly sends = new WorkTracker(TaskDispatcher.name);
  private isChoosing = false;

  constructor(
    private readonly tasks: TaskRepository,
    private readonly saver: TaskSaver,
    private readonly sender: TaskSender,
    private readonly pool: UpstreamPool,
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {}

  @Interval(TICK_MS)
  tick(): void {
    if (this.options.runsWork && !this.isChoosing) this.work.start(() => this.dispatch());
  }

  /** Starts the send of every waiting task that has a slot now; does not wait for the sends. @throws DatabaseUnavailableError */
  async dispatch(): Promise<void> {
    this.isChoosing = true;
    try {
      await this.endOverdue();
      for (const up of this.pool.all()) if (this.pool.isUsable(up.id, this.database.now())) await this.dispatchTo(up);
    } finally {
      this.isChoosing = false;
    }
  }

  /** Starts to drain with all the others, so that their times do not add up. */
  onModuleDestroy(): void {
    void this.work.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.drain();
    await this.sends.drain();
  }

  private async dispatchTo(up: UpstreamTarget): Promise<void> {
    for (const dispatched of await this.tasks.dispatch(up, BATCH)) {
      this.sends.start(() => this.send(dispatched));
    }
  }

  private async send({ task, body }: Dispatched): Promise<void> {
    const command = body === null ? null : fromInput(body);
    if (command === null) {
      const change = task.on({ kind: 'input_lost', source: 'dispatcher' }, this.database.now());
      if (change !== null) await this.saver.save([change]);
      return;
    }
    await this.sender.send({ task, command, mayWait: true, source: 'dispatcher', answerOf: () => null });
  }

  private async endOverdue(): Promise<void> {
    const overdue = await this.tasks.overdueWaiting(this.options.queueTimeoutMs);
    const now = this.database.now();
    const changes: (Change | null)[] = overdue.map((task) =>
      task.on({ kind: 'queue_timed_out', source: 'clock' }, now),
    );
    await this.saver.save(changes.filter((change) => change !== null));
  }
}
