import { Logger } from '@nestjs/common';
import { monotonicMs, type MonotonicClock, type JobScheduler } from '#libs/runtime';
import { CLOCK_STEP_MS, type DatabaseClock } from './database-clock.js';

const LOOK_MS = 1_000;

/** Whose clock stepped: this machine's, or the database's as it is seen from here. */
export type SteppingClock = 'wall' | 'database';

/**
 * Notices when a clock is set, by more than clocks go wrong by themselves: each second by how much the wall clock went
 * further than time passed, and with each reading of the database's time the same of that one. A machine that slept, as a
 * virtual one that was paused, shows the same. Nothing here depends on the wall clock; a step is logged and counted, so
 * that whoever wonders about times in logs knows, and caches begin anew, for nobody knows how long a sleep was.
 */
export class ClockWatch {
  private readonly log = new Logger(ClockWatch.name);
  private readonly listeners: ((clock: SteppingClock, byMs: number) => void)[] = [];
  private lead: number;

  /** @param wall ms since 1970 */
  constructor(
    scheduler: Pick<JobScheduler, 'add'>,
    private readonly database: Pick<DatabaseClock, 'now' | 'onStep'>,
    private readonly wall: () => number = () => Date.now(),
    private readonly monotonic: MonotonicClock = monotonicMs,
  ) {
    this.lead = wall() - monotonic();
    scheduler.add({ name: ClockWatch.name, everyMs: LOOK_MS, work: () => this.look() });
    database.onStep((byMs) => this.tell('database', byMs));
  }

  /** Tells of every step, by how much, ms, less than zero for back. */
  onStep(listener: (clock: SteppingClock, byMs: number) => void): void {
    this.listeners.push(listener);
  }

  /** By how much the wall clock is ahead of the database's, ms. */
  get wallAheadMs(): number {
    return this.wall() - this.database.now().getTime();
  }

  /** Compares the wall clock with the time that has passed. */
  look(): void {
    const lead = this.wall() - this.monotonic();
    const byMs = lead - this.lead;
    this.lead = lead;
    if (Math.abs(byMs) >= CLOCK_STEP_MS) this.tell('wall', byMs);
  }

  private tell(clock: SteppingClock, byMs: number): void {
    const whose = clock === 'wall' ? 'the clock of this machine' : "the database's clock";
    this.log.warn({
      message: `${whose} was set by ${(byMs / 1_000).toFixed(1)} s, or this machine slept; nothing waits for it`,
      clock,
      byMs: Math.round(byMs),
    });
    for (const listener of this.listeners) listener(clock, byMs);
  }
}
