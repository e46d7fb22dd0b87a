import { BeforeApplicationShutdown, Injectable, OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Database } from '#libs/database';
import { TaskSaver } from './task-saver.js';
import { DueTaskRepository } from './due-task.repository.js';
import { TrackingOptions } from './tracking-options.js';
import { WorkTracker } from './work-tracker.js';

const TICK_MS = 1_000;

/** Moves aliases along with the tasks they follow. */
@Injectable()
export class TaskFollower implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly work = new WorkTracker(TaskFollower.name);

  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {}

  @Interval(TICK_MS)
  tick(): void {
    if (this.options.runsWork && this.work.size === 0) this.work.start(() => this.follow());
  }

  /** Brings every alias that is behind up to its original. @throws DatabaseUnavailableError */
  async follow(): Promise<void> {
    const behind = await this.tasks.findAliasesBehind();
    const now = this.database.now();
    const changes = behind.map(({ alias, original }) =>
      alias.on({ kind: 'followed', source: 'poller', original }, now),
    );
    await this.saver.save(changes.filter((change) => change !== null));
  }

  /** Starts to drain with all the others, so that their times do not add up. */
  onModuleDestroy(): void {
    void this.work.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.drain();
  }
}
