import { Logger } from '@nestjs/common';
import { monotonicMs, type MonotonicClock } from '#libs/runtime';

const QUIET_MS = 60_000;

/**
 * Statements that Postgres ended for their length: counted, and said once a minute of each name. Names are those in the
 * code, so there are few.
 */
export class CancelledStatements {
  private readonly log = new Logger('Database');
  private readonly quietUntil = new Map<string, number>();
  private seen = 0;

  constructor(private readonly clock: MonotonicClock = monotonicMs) {}

  /** How many there were. */
  get count(): number {
    return this.seen;
  }

  note(name: string): void {
    this.seen += 1;
    const now = this.clock();
    if (now < (this.quietUntil.get(name) ?? 0)) return;
    this.quietUntil.set(name, now + QUIET_MS);
    this.log.warn(`${name} took longer than a statement may, and was undone`);
  }
}
