import type { BeforeApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { JobScheduler } from '#libs/runtime';
import { DELIVERIES_DUE } from '../store/claim-deliveries.js';
import type { HookDispatcher } from './hook-dispatcher.js';

/** Time between two ticks, ms: how late a delivery may be that no nudge announced. */
const TICK_MS = 500;

/** The dispatcher's job: runs its tick while deliveries are due, where this process delivers; drains it at shutdown. */
export class HookPoller implements OnModuleDestroy, BeforeApplicationShutdown {
  private draining: Promise<void> = Promise.resolve();

  constructor(
    scheduler: JobScheduler,
    private readonly dispatcher: HookDispatcher,
    enabled: boolean,
  ) {
    if (!enabled) return;
    // A tick does not wait for its round, so ticks that come during one round are merged.
    scheduler.add({ name: HookPoller.name, everyMs: TICK_MS, dueProbe: DELIVERIES_DUE, work: () => dispatcher.tick() });
  }

  /** Starts to drain at the same time as the other modules, so that their times do not add up. */
  onModuleDestroy(): void {
    this.draining = this.dispatcher.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.draining;
  }
}
