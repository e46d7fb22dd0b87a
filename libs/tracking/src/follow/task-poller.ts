import { Injectable } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { UpstreamCache, type UpstreamTarget } from '#libs/upstream';
import { POLLS_DUE } from '../store/claims/claim-polls.js';
import { TaskSync } from './task-sync.js';
import { TrackingOptions } from '../tracking-options.js';

const TICK_MS = 1_000;

/** Starts the polls of every upstream each second; the row of each task holds its next poll. */
@Injectable()
export class TaskPoller {
  private readonly inFlight = new Map<string, number>();

  constructor(
    private readonly scheduler: JobScheduler,
    private readonly upstreams: UpstreamCache,
    private readonly sync: TaskSync,
    private readonly options: TrackingOptions,
  ) {
    if (options.runsWork)
      scheduler.add({ name: TaskPoller.name, everyMs: TICK_MS, dueProbe: POLLS_DUE, work: () => this.tick() });
  }

  /** Starts a chain of batches for each upstream below its limit of concurrent batches; does not wait for them. */
  tick(): void {
    for (const up of this.upstreams.all()) this.startOn(up);
  }

  /** Starts polling an upstream now, because one of its tasks is due before the next tick. */
  nudge(upstreamId: string): void {
    const up = this.upstreams.find(upstreamId);
    if (up !== null) this.startOn(up);
  }

  private startOn(up: UpstreamTarget): void {
    const isBusy = this.sync.isPaused(up.id) || (this.inFlight.get(up.id) ?? 0) >= this.sync.mostBatches(up.id);
    if (!this.options.runsWork || isBusy || this.scheduler.shutdownSignal.aborted) return;
    this.scheduler.run(TaskPoller.name, () => this.syncAll(up));
  }

  private async syncAll(up: UpstreamTarget): Promise<void> {
    this.inFlight.set(up.id, (this.inFlight.get(up.id) ?? 0) + 1);
    try {
      while (!this.scheduler.shutdownSignal.aborted && !this.sync.isPaused(up.id))
        if ((await this.sync.syncDue(up, () => this.startOn(up))) === 0) return;
    } finally {
      this.inFlight.set(up.id, (this.inFlight.get(up.id) ?? 1) - 1);
    }
  }
}
