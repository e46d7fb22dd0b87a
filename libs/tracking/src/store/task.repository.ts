import { Injectable } from '@nestjs/common';
import {
  Database,
  rowReader,
  violatedConstraint,
  type EntityRow,
  type StatementRunner,
  type TypedStatement,
} from '#libs/database';
import { toChangeJson } from './save/change-json.js';
import type { Change } from '../task/change.js';
import { OutcomeBatcher, type SettledSubmit } from './outcome-batcher.js';
import { SETTLE_ACCEPTED, toAcceptanceArrays } from './save/acceptance.js';
import { covers } from './save/describe-save.js';
import { QUARANTINE_TASK } from './claims/quarantine-task.js';
import { COUNT_AHEAD } from './reads/queue-position.js';
import { FIND_ANY } from './reads/any-task.js';
import { FIND_BY_UPSTREAM_ID, FIND_IDEMPOTENT, FIND_REPEAT } from './reads/duplicates.js';
import { FIND_OWN } from './reads/own-task.js';
import { FIND_PICTURE, type PictureRow } from './reads/picture.js';
import { FIND_SERIES, type SeriesMember } from './reads/series.js';
import { KEEP_ANSWER } from './save/answer.js';
import { RELEASE_SERIES } from './transitions/release-series.js';
import { PROGRESS, SAVE_PROGRESS, toProgressArrays } from './save/progress.js';
import { byteaArray } from './bytea-array.js';
import { SAVE_POLLED, SAVE_TASKS, SETTLE_TASK, type SaveTasks } from './save/full.js';
import { FIND_HEADS } from './reads/task-heads.js';
import type { EventSource } from '../task/event.js';
import type { TaskHead } from '../task/task-head.js';
import { OPEN_VIEWS, TaskViews } from '../task/task-view.js';
import { Task } from '../task/task.entity.js';

const readTask = rowReader(Task);
/** Reads a row; an alias gets the upstream id of its original. */
const readWithOriginalId = (row: { original_task_id: string | null }): Task => {
  const task = readTask(row);
  task.upstreamTaskId ??= row.original_task_id;
  return task;
};

/**
 * SQL that reads single tasks for further work, and saves changes: one method per statement, no rule of its own. Reads
 * by id check the key of the caller. DueTaskRepository has the statements that find due work; PublicTasks has those
 * that show tasks to clients.
 */
@Injectable()
export class TaskRepository {
  private readonly savedListeners: ((task: Task, change: Change) => void)[] = [];
  private readonly settles = new OutcomeBatcher(
    (batch) => this.acceptTogether(batch),
    (batch) => this.settleTogether(batch),
  );

  constructor(
    private readonly database: Database,
    private readonly views: TaskViews = OPEN_VIEWS,
  ) {}

  /** A task of the given key; null for an unknown task, a task of another key and a refused task alike. */
  async find(id: string, apiKeyId: string): Promise<Task | null> {
    const [row] = await this.database.run(FIND_OWN, { taskId: id, apiKeyId });
    return row === undefined ? null : readWithOriginalId(row);
  }

  /** A task of any key, refused tasks included: for admins. */
  async findAny(id: string): Promise<Task | null> {
    return this.one(FIND_ANY, { taskId: id });
  }

  /** Version and status of tasks of all keys, for internal use. */
  async heads(ids: readonly string[]): Promise<TaskHead[]> {
    return this.database.run(FIND_HEADS, { taskIds: ids });
  }

  /** Calls `listener` with every change that this replica saves. */
  onSaved(listener: (task: Task, change: Change) => void): void {
    this.savedListeners.push(listener);
  }

  /** The columns that locate the picture of a task of any key. */
  async findPicture(id: string): Promise<PictureRow | null> {
    const [row] = await this.database.run(FIND_PICTURE, { taskId: id });
    return row ?? null;
  }

  /** The task of this key that does or did the same work. */
  async findRepeat(apiKeyId: string, repeatKey: string): Promise<Task | null> {
    return this.one(FIND_REPEAT, { apiKeyId, repeatKey });
  }

  /** The task that was opened under an Idempotency-Key. */
  async findIdempotent(apiKeyId: string, route: string, key: string): Promise<Task | null> {
    return this.one(FIND_IDEMPOTENT, { apiKeyId, route, key });
  }

  /** The task of this key that already has the given upstream id. */
  async findByUpstreamId(upstreamId: string, upstreamTaskId: string, apiKeyId: string): Promise<Task | null> {
    return this.one(FIND_BY_UPSTREAM_ID, { upstreamId, upstreamTaskId, apiKeyId });
  }

  /** Stores the reply to a submit that waits, for replays. */
  async keepAnswer(id: string, answer: object): Promise<void> {
    await this.database.run(KEEP_ANSWER, { taskId: id, answer: JSON.stringify(answer) });
  }

  /** Releases tasks of a series that wait for the send of its first task. */
  async releaseSeries(ids: readonly string[]): Promise<void> {
    await this.database.run(RELEASE_SERIES, { taskIds: ids });
  }

  /**
   * Ids of the tasks that were opened together with this one, the first task first, in order; declined ones are left
   * out.
   */
  async findSeries({ id, apiKeyId }: Task): Promise<SeriesMember[]> {
    return this.database.run(FIND_SERIES, { taskId: id, apiKeyId });
  }

  /** Number of waiting tasks served before this one; 0 if the task no longer waits. */
  async countAhead(task: Task): Promise<number> {
    const [row] = await this.database.run(COUNT_AHEAD, { taskId: task.id });
    return row?.ahead ?? 0;
  }

  /** Quarantines a task that cannot be saved for `delayMs`, and records why. */
  async quarantine(task: Task, delayMs: number, source: EventSource, why: string): Promise<void> {
    await this.database.run(QUARANTINE_TASK, { taskId: task.id, delayMs, source, why });
  }

  /** Saves changes of background jobs. @returns the saved ids; the other rows were changed concurrently */
  async save(changes: readonly Change[]): Promise<Set<string>> {
    return this.write(SAVE_TASKS, changes);
  }

  /**
   * Saves the changes that a poll found for claimed tasks, in one statement that skips locked rows.
   * @returns the saved ids
   */
  async savePolled(changes: readonly Change[]): Promise<Set<string>> {
    if (!changes.every((change) => covers(PROGRESS, change))) return this.write(SAVE_POLLED, changes);
    if (changes.length === 0) return new Set();
    return this.notifySaved(changes, await this.database.run(SAVE_PROGRESS, toProgressArrays(changes, this.views)));
  }

  /**
   * Saves the change that the answer to a submit made, with the reply for replays and, if the task has to wait, its
   * input. False: the row was changed concurrently.
   */
  async settle(change: Change, answer: object | null, input: Buffer | null): Promise<boolean> {
    return this.settles.settle({ change, answer, input });
  }

  /**
   * Saves the change of an admin inside a transaction. False: the row was changed concurrently.
   * @param runner runs statements of that transaction
   */
  async saveWithin(runner: StatementRunner, change: Change): Promise<boolean> {
    const rows = await runner.run(SETTLE_TASK, {
      changes: toSaveJson([change], [], this.views),
      inputs: byteaArray([null]),
    });
    return rows.length > 0;
  }

  /** Notifies the listeners of a change that was saved with `saveWithin`; call after the commit. */
  notifyCommitted(change: Change): void {
    this.savedListeners.forEach((listener) => listener(change.task, change));
  }

  private async acceptTogether(batch: readonly SettledSubmit[]): Promise<boolean[]> {
    const changes = batch.map(({ change }) => change);
    const rows = await this.database.run(SETTLE_ACCEPTED, toAcceptanceArrays(batch, this.views));
    const saved = this.notifySaved(changes, rows);
    return changes.map(({ task }) => saved.has(task.id));
  }

  private async settleTogether(batch: readonly SettledSubmit[]): Promise<boolean[]> {
    const changes = batch.map(({ change }) => change);
    const inputs = batch.map(({ input }) => input);
    const answers = batch.map(({ answer }) => answer);
    const saved = await this.write(SETTLE_TASK, changes, inputs, answers);
    return changes.map(({ task }) => saved.has(task.id));
  }

  /** `inputs` and `answers` are arrays by the place of the change; empty if there are none. */
  private async write(
    statement: SaveTasks,
    changes: readonly Change[],
    inputs: readonly (Buffer | null)[] = [],
    answers: readonly (object | null)[] = [],
  ): Promise<Set<string>> {
    if (changes.length === 0) return new Set();
    const parameters = { changes: toSaveJson(changes, answers, this.views), inputs: byteaArray(inputs) };
    return this.notifySaved(changes, await this.database.run(statement, parameters));
  }

  private notifySaved(changes: readonly Change[], rows: readonly { id: string }[]): Set<string> {
    const saved = new Set(rows.map(({ id }) => id));
    for (const change of changes) if (saved.has(change.task.id)) this.notifyCommitted(change);
    return saved;
  }

  private async one<Parameters extends object>(
    statement: TypedStatement<Parameters, EntityRow<Task>>,
    parameters: Parameters,
  ): Promise<Task | null> {
    const [row] = await this.database.run(statement, parameters);
    return row === undefined ? null : readTask(row);
  }
}

function toSaveJson(changes: readonly Change[], answers: readonly (object | null)[], views: TaskViews): string {
  return JSON.stringify(changes.map((change, at) => ({ ...toChangeJson(change, views), answer: answers[at] ?? null })));
}

/** Whether a save failed because another task already has that upstream id. */
export function isTakenUpstreamId(error: unknown): boolean {
  return violatedConstraint(error) === 'task_upstream';
}
