import { BeforeApplicationShutdown, Injectable, OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { UpstreamPool, type UpstreamTarget } from '#libs/upstream';
import { TaskSync } from './task-sync.js';
import { TrackingOptions } from './tracking-options.js';
import { WorkTracker } from './work-tracker.js';

const TICK_MS = 1_000;

/** Each second starts what is due; the pace of each task stands in its row. */
@Injectable()
export class TaskPoller implements OnModuleDestroy, BeforeApplicationShutdown {
  private readonly work = new WorkTracker(TaskPoller.name);
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly pool: UpstreamPool,
    private readonly sync: TaskSync,
    private readonly options: TrackingOptions,
  ) {}

  /** Starts a chain of batches for each upstream that has room for one; does not wait for them. */
  @Interval(TICK_MS)
  tick(): void {
    for (const up of this.pool.all()) this.startOn(up);
  }

  /** Does not wait for the next second: something of this upstream is due now. */
  nudge(upstreamId: string): void {
    const up = this.pool.find(upstreamId);
    if (up !== null) this.startOn(up);
  }

  /** Starts to drain with all the others, so that their times do not add up. */
  onModuleDestroy(): void {
    void this.work.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.work.drain();
  }

  private startOn(up: UpstreamTarget): void {
    const isBusy = this.sync.isPaused(up.id) || (this.inFlight.get(up.id) ?? 0) >= this.sync.mostBatches(up.id);
    if (this.options.runsWork && !isBusy) this.work.start(() => this.syncAll(up));
  }

  private async syncAll(up: UpstreamTarget): Promise<void> {
    this.inFlight.set(up.id, (this.inFlight.get(up.id) ?? 0) + 1);
    try {
      while (!this.work.isClosed && !this.sync.isPaused(up.id)) if ((await this.sync.syncDue(up)) === 0) return;
    } finally {
      this.inFlight.set(up.id, (this.inFlight.get(up.id) ?? 1) - 1);
    }
  }
}
