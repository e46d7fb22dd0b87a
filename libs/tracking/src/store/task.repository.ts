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
/** A task with the upstream's id of the one that it follows, where it has none of its own. */
const readFollowed = (row: { original_task_id: string | null }): Task => {
  const task = readTask(row);
  task.upstreamTaskId ??= row.original_task_id;
  return task;
};

/**
 * SQL that reads tasks to go on with them, and saves them: one method per statement, and no rule of its own. Reads by id
 * carry the caller's key. What takes tasks that something is to be done about is in DueTaskRepository, what shows them to
 * clients in PublicTasks.
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

  /** One's own task; null for an unknown one, another key's and a refused one alike. */
  async find(id: string, apiKeyId: string): Promise<Task | null> {
    const [row] = await this.database.run(FIND_OWN, { taskId: id, apiKeyId });
    return row === undefined ? null : readFollowed(row);
  }

  /** Any task, as its row is, refused ones included: for admins. */
  async findAny(id: string): Promise<Task | null> {
    return this.one(FIND_ANY, { taskId: id });
  }

  /** How tasks stand, of whatever key: no client sees it. */
  async heads(ids: readonly string[]): Promise<TaskHead[]> {
    return this.database.run(FIND_HEADS, { taskIds: ids });
  }

  /** Has `tell` called with every task whose change this replica saves. */
  onSaved(listener: (task: Task, change: Change) => void): void {
    this.savedListeners.push(listener);
  }

  /** What finds the picture of any task. */
  async findPicture(id: string): Promise<PictureRow | null> {
    const [row] = await this.database.run(FIND_PICTURE, { taskId: id });
    return row ?? null;
  }

  /** The task of this key that does, or has done, the same work. */
  async findRepeat(apiKeyId: string, repeatKey: string): Promise<Task | null> {
    return this.one(FIND_REPEAT, { apiKeyId, repeatKey });
  }

  /** The task that an Idempotency-Key made. */
  async findIdempotent(apiKeyId: string, route: string, key: string): Promise<Task | null> {
    return this.one(FIND_IDEMPOTENT, { apiKeyId, route, key });
  }

  /** The task of this key that has an upstream's id already. */
  async findByUpstreamId(upstreamId: string, upstreamTaskId: string, apiKeyId: string): Promise<Task | null> {
    return this.one(FIND_BY_UPSTREAM_ID, { upstreamId, upstreamTaskId, apiKeyId });
  }

  /** Keeps what a submit that waits was answered, for replays. */
  async keepAnswer(id: string, answer: object): Promise<void> {
    await this.database.run(KEEP_ANSWER, { taskId: id, answer: JSON.stringify(answer) });
  }

  /** Lets tasks of a series that wait for its first be sent. */
  async releaseSeries(ids: readonly string[]): Promise<void> {
    await this.database.run(RELEASE_SERIES, { taskIds: ids });
  }

  /** Ids of the tasks that were opened together with this one, its own first, in their order; declined ones left out. */
  async findSeries({ id, apiKeyId }: Task): Promise<SeriesMember[]> {
    return this.database.run(FIND_SERIES, { taskId: id, apiKeyId });
  }

  /** How many waiting tasks are served before it; 0 where it does not wait any more. */
  async countAhead(task: Task): Promise<number> {
    const [row] = await this.database.run(COUNT_AHEAD, { taskId: task.id });
    return row?.ahead ?? 0;
  }

  /** Looks at a task that cannot be saved again in `delayMs`, and writes down why. */
  async quarantine(task: Task, delayMs: number, source: EventSource, why: string): Promise<void> {
    await this.database.run(QUARANTINE_TASK, { taskId: task.id, delayMs, source, why });
  }

  /** Saves changes of the background; gives the ids that were saved, the others had been changed by someone else. */
  async save(changes: readonly Change[]): Promise<Set<string>> {
    return this.write(SAVE_TASKS, changes);
  }

  /** Saves what a poll found of claimed tasks, in one statement. Does not wait for a task that someone else has locked. */
  async savePolled(changes: readonly Change[]): Promise<Set<string>> {
    if (!changes.every((change) => covers(PROGRESS, change))) return this.write(SAVE_POLLED, changes);
    if (changes.length === 0) return new Set();
    return this.notifySaved(changes, await this.database.run(SAVE_PROGRESS, toProgressArrays(changes, this.views)));
  }

  /**
   * Saves what the answer to a submit made of its task, with the answer that a replay gets and, if it is to wait, its
   * input. False: someone else found the truth first.
   */
  async settle(change: Change, answer: object | null, input: Buffer | null): Promise<boolean> {
    return this.settles.settle({ change, answer, input });
  }

  /**
   * Saves the change of an admin among other statements of a transaction. False: someone changed the task in between.
   * @param runner runs statements of that transaction
   */
  async saveWithin(runner: StatementRunner, change: Change): Promise<boolean> {
    const rows = await runner.run(SETTLE_TASK, {
      changes: toSaveJson([change], [], this.views),
      inputs: byteaArray([null]),
    });
    return rows.length > 0;
  }

  /** Tells those who watch of a change that was saved with `saveWithin`, once it is committed. */
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

  /** `inputs` and `answers` by the place of the change; none where there are none. */
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

/** Whether a save failed because another task has that upstream id already. */
export function isTakenUpstreamId(error: unknown): boolean {
  return violatedConstraint(error) === 'task_upstream';
}
