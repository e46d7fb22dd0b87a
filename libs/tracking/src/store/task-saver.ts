import { Injectable, Logger } from '@nestjs/common';
import { AssetKeeper } from '#libs/assets';
import { isDataFault } from '#libs/database';
import { HookDispatcher } from '#libs/hooks';
import { isRealChange, type Change } from '../task/change.js';
import { isTakenUpstreamId, TaskRepository } from './task.repository.js';

/** A row that cannot be saved is looked at again this much later, so that it does not hold the others up. */
const QUARANTINE_MS = 60_000;

type Save = (changes: readonly Change[]) => Promise<Set<string>>;

/** Saves what the background found out, and wakes those who have something to do about it. */
@Injectable()
export class TaskSaver {
  private readonly log = new Logger(TaskSaver.name);

  constructor(
    private readonly tasks: TaskRepository,
    private readonly hooks: HookDispatcher,
    private readonly assets: AssetKeeper,
  ) {}

  /**
   * Saves a batch in one statement; when a value of one row cannot be stored, row by row, so that it spoils only itself.
   * @throws DatabaseUnavailableError
   */
  async save(changes: readonly Change[]): Promise<Set<string>> {
    return this.saveAndNudge(changes, (some) => this.tasks.save(some));
  }

  /**
   * The same for what a poll found of claimed tasks. One that someone else has locked is not waited for: it is polled again
   * when its claim has ended.
   * @throws DatabaseUnavailableError
   */
  async savePolled(changes: readonly Change[]): Promise<Set<string>> {
    return this.saveAndNudge(changes, (some) => this.tasks.savePolled(some));
  }

  /** Saves the one change of a request, on the connections of requests. False: someone changed the task in between. */
  async saveNow(change: Change): Promise<boolean> {
    const { task } = change;
    // Who goes on with an alias reads it with its original's upstream id; its row has none.
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
