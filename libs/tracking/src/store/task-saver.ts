import { Injectable, Logger } from '@nestjs/common';
import { AssetKeeper } from '#libs/assets';
import { isDataFault } from '#libs/database';
import { HookDispatcher } from '#libs/hooks';
import { isRealChange, type Change } from '../task/change.js';
import { isTakenUpstreamId, TaskRepository } from './task.repository.js';

/** Quarantine of a row that cannot be saved, ms, so that the row does not block its batch. */
const QUARANTINE_MS = 60_000;

type Save = (changes: readonly Change[]) => Promise<Set<string>>;

/**
 * Saves the changes of background jobs, and wakes the hook dispatcher and the asset keeper if the changes give them
 * work.
 */
@Injectable()
export class TaskSaver {
  private readonly log = new Logger(TaskSaver.name);

  constructor(
    private readonly tasks: TaskRepository,
    private readonly hooks: HookDispatcher,
    private readonly assets: AssetKeeper,
  ) {}

  /**
   * Saves a batch in one statement. If a value of one row cannot be stored, the rows are saved one by one, so that only
   * that row fails.
   * @throws DatabaseUnavailableError
   */
  async save(changes: readonly Change[]): Promise<Set<string>> {
    return this.saveAndNudge(changes, (some) => this.tasks.save(some));
  }

  /**
   * Saves the changes that a poll found for claimed tasks. A row that another transaction has locked is skipped; the
   * task is polled again after its claim has ended.
   * @throws DatabaseUnavailableError
   */
  async savePolled(changes: readonly Change[]): Promise<Set<string>> {
    return this.saveAndNudge(changes, (some) => this.tasks.savePolled(some));
  }

  /**
   * Saves the single change of a request on the connection pool of requests. False: the row was changed concurrently.
   */
  async saveNow(change: Change): Promise<boolean> {
    const { task } = change;
    // TaskRepository.find gives an alias the upstream id of its original; the row of the alias has none.
    if (task.aliasOf !== null) task.upstreamTaskId = null;
    const isSaved = await this.tasks.settle(change, null, null);
    if (isSaved && task.notifyHook !== null) this.hooks.nudge();
    return isSaved;
  }

  private async saveAndNudge(changes: readonly Change[], save: Save): Promise<Set<string>> {
    const saved = await this.saveOrSplit(changes, save);
    if (changes.some((change) => isRealChange(change) && change.task.notifyHook !== null)) this.hooks.nudge();
    if (changes.some((change) => change.assets.length > 0)) this.assets.nudge();
    return saved;
  }

  private async saveOrSplit(changes: readonly Change[], save: Save): Promise<Set<string>> {
    try {
      return await save(changes);
    } catch (error) {
      if (!isDataFault(error) && !isTakenUpstreamId(error)) throw error;
      const [only] = changes;
      if (changes.length === 1 && only !== undefined) {
        const { id: taskId, requestId } = only.task;
        this.log.error({ msg: 'a task could not be saved', taskId, requestId, cause: String(error) });
        const why = isTakenUpstreamId(error) ? 'upstream id taken' : 'value not storable';
        await this.tasks.quarantine(only.task, QUARANTINE_MS, only.timeline[0]?.source ?? 'poller', why);
        return new Set();
      }
    }
    const saved = new Set<string>();
    for (const change of changes) for (const id of await this.saveOrSplit([change], save)) saved.add(id);
    return saved;
  }
}
