import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { TaskSaver } from '../store/task-saver.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { TrackingOptions } from '../tracking-options.js';

const TICK_MS = 1_000;
/** Due probe: whether any alias is unfinished. */
const ALIASES_UNDER_WAY = 'exists (select from task where alias_of is not null and finished_at is null)';

/** Copies changes of original tasks to their aliases. */
@Injectable()
export class AliasPropagator {
  constructor(
    scheduler: JobScheduler,
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly database: Database,
    options: TrackingOptions,
  ) {
    if (!options.runsWork) return;
    scheduler.add({
      name: AliasPropagator.name,
      everyMs: TICK_MS,
      dueProbe: ALIASES_UNDER_WAY,
      work: () => this.follow(),
    });
  }

  /** Brings every lagging alias up to its original. @throws DatabaseUnavailableError */
  async follow(): Promise<void> {
    const behind = await this.tasks.findAliasesBehind();
    const now = this.database.now();
    const changes = behind.map(({ alias, original }) =>
      alias.on({ kind: 'followed', source: 'poller', original }, now),
    );
    await this.saver.save(changes.filter((change) => change !== null));
  }
}
