import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { CachedValue } from '#libs/runtime';
import { TASK_PACE, type WorkPace } from '../store/reads/task-pace.js';

/** How old an answer may be, ms: medians of thousands of tasks change slowly. */
const KNOWN_MS = 60_000;

/** How long work takes at present, for clients that show the time that is left. */
@Injectable()
export class TaskPace {
  private readonly known = new CachedValue<WorkPace[]>(KNOWN_MS);

  constructor(private readonly database: Database) {}

  /**
   * The paces of all actions and modes of which a task has succeeded lately, at most a minute old.
   * @throws DatabaseUnavailableError
   */
  async recent(): Promise<readonly WorkPace[]> {
    return this.known.get(() => this.database.run(TASK_PACE, {}));
  }
}
