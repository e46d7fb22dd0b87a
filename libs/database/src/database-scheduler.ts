import { JobScheduler } from '#libs/runtime';
import type { Database } from './database.js';
import type { DatabaseClock } from './database-clock.js';
import { DueProbe } from './due-probe.js';
import { logFailure } from './log-failure.js';

/**
 * A scheduler that asks this database which jobs are due.
 * @param clock is told the database's time with every probe, which costs no statement of its own
 */
export function databaseScheduler(database: Pick<Database, 'run'>, clock?: Pick<DatabaseClock, 'begin'>): JobScheduler {
  const probe = new DueProbe(database, clock);
  return new JobScheduler({ probe: (conditions) => probe.ask(conditions), logFailure });
}
