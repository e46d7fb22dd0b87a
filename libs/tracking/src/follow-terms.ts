import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { TaskMode } from '#libs/wire';
import type { Pace } from './task/poll-pace.js';
import { TrackingOptions } from './tracking-options.js';

/** What a rule needs to schedule the polls of a task and the end of its time. */
export interface Terms {
  pace: Pace;
  /** Longest life with its upstream, ms. */
  timeoutMs: number;
}

/** The pace of polls and the time limit of each mode, with the database's time to reckon them from. */
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

  /** By how much the database's clock was set forward within the last so many ms. */
  forwardMs(withinMs: number): number {
    return this.database.clock.forwardMs(withinMs);
  }

  of({ mode }: { mode: TaskMode }): Terms {
    return { pace: this.pace, timeoutMs: this.timeoutMs(mode) };
  }

  /** Longest life of a task with its upstream, ms. */
  timeoutMs(mode: TaskMode): number {
    return this.options.taskTimeoutMs[mode];
  }
}
