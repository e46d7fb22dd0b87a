import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HookDispatcher } from './hook-dispatcher.js';

/** How late a delivery may be that no nudge announced. */
const TICK_MS = 500;

/**
 * Ticks the dispatcher, and drains it at shutdown. A tick only starts work; one that comes while the last one still
 * claims joins it. Needs ScheduleModule.forRoot() in the application.
 */
@Injectable()
export class HookPoller implements BeforeApplicationShutdown {
  constructor(private readonly dispatcher: HookDispatcher) {}

  @Interval('hooks', TICK_MS)
  tick(): void {
    this.dispatcher.tick();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.dispatcher.drain();
  }
}
