import { Logger } from '@nestjs/common';
import { logFailure, type Database } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';
import { IDLE_MS } from './session-times.js';
import { REMOVE_ENDED, WRITE_USE } from './session-statements.js';
import type { StudioSession } from './studio-session.entity.js';

const FLUSH_MS = 60_000;
/** How exact the last use of a session is: it is written no more often. */
const EXACT_MS = 600_000;
const REMOVE_MS = 3_600_000;
/** Rows that one turn removes at most. */
const REMOVED_AT_ONCE = 10_000;

/** Keeps sessions that are in use from ending for want of it, and removes those that ended. */
export class SessionUsage {
  private readonly log = new Logger(SessionUsage.name);
  private readonly used = new Set<string>();

  /** @param removes whether this process does periodic work */
  constructor(
    scheduler: Pick<JobScheduler, 'add'>,
    private readonly database: Pick<Database, 'run'>,
    removes: boolean,
  ) {
    scheduler.add({ name: SessionUsage.name, everyMs: FLUSH_MS, work: () => this.flush() });
    if (removes) scheduler.add({ name: 'SessionRemoval', everyMs: REMOVE_MS, work: () => this.removeEnded() });
  }

  /** Notes that a session was used. */
  note({ id, lastUsedAt }: Pick<StudioSession, 'id' | 'lastUsedAt'>, now: Date): void {
    if (now.getTime() - lastUsedAt.getTime() > EXACT_MS) this.used.add(id);
  }

  /** Writes the sessions that were used since the last flush. Never throws: those that could not be written go with the next. */
  async flush(): Promise<void> {
    const ids = [...this.used];
    if (ids.length === 0) return;
    this.used.clear();
    try {
      await this.database.run(WRITE_USE, { ids, idleMs: IDLE_MS, everyMs: EXACT_MS });
    } catch (error) {
      for (const id of ids) this.used.add(id);
      logFailure(this.log, 'the last use of sessions could not be written', error);
    }
  }

  /** Removes sessions that ended a week ago, and tickets that ended. @throws DatabaseUnavailableError */
  async removeEnded(): Promise<void> {
    await this.database.run(REMOVE_ENDED, { limit: REMOVED_AT_ONCE });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }
}
