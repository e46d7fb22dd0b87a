import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { TaskMode } from '#libs/wire';
import type { Pace } from './task/poll-pace.js';
import { TrackingOptions } from './tracking-options.js';

/** Poll pace and time limit of a task, from which a rule schedules the next poll and sets the deadline. */
export interface Terms {
  pace: Pace;
  /** Longest time that the task may stay with its upstream, ms. */
  timeoutMs: number;
}

/** Poll pace and time limit of each mode, with the database's time from which they are measured. */
@Injectable()
export class FollowTerms {
  readonly pace: Pace;

  constructor(
    private readonly database: Database,
    readonly options: TrackingOptions,
  ) {
    this.pace = { minMs: options.pollMinMs, random: Math.random };
  }

  /** @returns the database's time */
  now(): Date {
    return this.database.now();
  }

  /** By how much the database's clock was set forward during the last `withinMs`, ms. */
  forwardMs(withinMs: number): number {
    return this.database.clock.forwardMs(withinMs);
  }

  of({ mode }: { mode: TaskMode }): Terms {
    return { pace: this.pace, timeoutMs: this.timeoutMs(mode) };
  }

  /** Longest time that a task of this mode may stay with its upstream, ms. */
  timeoutMs(mode: TaskMode): number {
    return this.options.taskTimeoutMs[mode];
  }
}
