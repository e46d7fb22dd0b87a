import { type BeforeApplicationShutdown, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HookDispatcher } from './hook-dispatcher.js';

/** How late a delivery may be that no nudge announced. */
const TICK_MS = 500;

/**
 * Ticks the dispatcher, and drains it at shutdown. A tick only starts work; one that comes while the last one still
 * claims joins it. Needs ScheduleModule.forRoot() in the application.
 */
@Injectable()
export class HookPoller implements OnModuleDestroy, BeforeApplicationShutdown {
  private draining: Promise<void> = Promise.resolve();

  constructor(private readonly dispatcher: HookDispatcher) {}

  @Interval('hooks', TICK_MS)
  tick(): void {
    this.dispatcher.tick();
  }

  /** Starts to drain with all the others, so that their times do not add up. */
  onModuleDestroy(): void {
    this.draining = this.dispatcher.drain();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.draining;
  }
}
