import { monotonicMs, type MonotonicClock } from '#libs/runtime';

/** Clocks that go are apart by less than this between two readings, ms: what is more is a step. */
export const CLOCK_STEP_MS = 1_000;
/** Steps that are remembered. */
const MAX_STEPS = 100;
/** An answer that took longer says little about when it was given. */
const SLOW_MS = 100;

/**
 * The database's time as this process knows it: what the database last said, and how long ago that was by the monotonic
 * clock. The clock of this machine does not matter, so replicas with wrong clocks agree, and so does one whose clock is
 * set while it runs.
 */
export class DatabaseClock {
  private offsetMs: number;
  private readAt: number | null = null;
  /** By how much the wall clock was ahead of the monotonic one at the last reading. */
  private wallLead: number;
  private readonly forward: { at: number; byMs: number }[] = [];
  private readonly listeners: ((byMs: number) => void)[] = [];

  /** @param wall what is taken for the database's time until it was read once, ms since 1970 */
  constructor(
    private readonly monotonic: MonotonicClock = monotonicMs,
    private readonly wall: () => number = () => Date.now(),
  ) {
    this.wallLead = wall() - monotonic();
    this.offsetMs = this.wallLead;
  }

  now(): Date {
    return new Date(this.monotonic() + this.offsetMs);
  }

  /** Begins a reading of the database's time: what it gives is called with the answer as soon as that is here. */
  begin(): (at: Date) => void {
    const sentAt = this.monotonic();
    return (at) => this.learn(sentAt, at.getTime(), this.monotonic());
  }

  /** How long ago the database's time was read, ms; Infinity: never. */
  get ageMs(): number {
    return this.readAt === null ? Infinity : this.monotonic() - this.readAt;
  }

  /**
   * False: the wall clock has moved against the monotonic one since the last reading. Either it was set, and `now` is
   * right, or this machine slept, and `now` is late by the length of the sleep.
   */
  get isSure(): boolean {
    return Math.abs(this.wall() - this.monotonic() - this.wallLead) < CLOCK_STEP_MS;
  }

  /**
   * By how much the database's clock went further than time did within the last so many ms: as much less time has passed
   * since whatever was noted before. It was set forward, or this machine slept.
   */
  forwardMs(withinMs: number): number {
    const since = this.monotonic() - withinMs;
    return this.forward.reduce((sum, { at, byMs }) => (at >= since ? sum + byMs : sum), 0);
  }

  /** Tells when the database's clock was set, or this machine slept: by how much, ms, less than zero for back. */
  onStep(listener: (byMs: number) => void): void {
    this.listeners.push(listener);
  }

  private learn(sentAt: number, at: number, gotAt: number): void {
    const offset = at - (sentAt + gotAt) / 2;
    const by = offset - this.offsetMs;
    const unsureMs = (gotAt - sentAt) / 2;
    const isFirst = this.readAt === null;
    const isStep = Math.abs(by) - unsureMs >= CLOCK_STEP_MS;
    if (!isFirst && !isStep && gotAt - sentAt > SLOW_MS) return;
    this.readAt = gotAt;
    this.wallLead = this.wall() - this.monotonic();
    this.offsetMs = offset;
    if (!isStep || isFirst) return;
    if (by > 0) this.forward.push({ at: gotAt, byMs: by });
    if (this.forward.length > MAX_STEPS) this.forward.shift();
    for (const listener of this.listeners) listener(by);
  }
}
