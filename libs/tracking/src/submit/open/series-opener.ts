import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { SubmitMinutes } from '#libs/access';
import { Database, violatedConstraint } from '#libs/database';
import type { Candidate } from '#libs/upstream';
import { newTaskId } from '#libs/wire';
import { noteSubmitMinute, toOpened, type Opened, type VerdictRow } from '../../store/open-verdict.js';
import { INPUT_FITS } from '../../store/reads/queue-limits.js';
import { OPEN_SERIES, toNewTaskRow } from '../../store/transitions/open.js';
import { MAX_INPUT_BYTES } from '../../store/fragments/queue-limit.js';
import { byteaArray } from '../../store/bytea-array.js';
import { createTask, type NewTask } from '../../task/new-task.js';
import type { Task } from '../../task/task.entity.js';
import { TrackingOptions } from '../../tracking-options.js';

/** One task of a series. */
export interface SeriesPart {
  newTask: NewTask;
  /** Makes the input that is stored if the task has to wait. */
  input: () => Buffer;
  /** Approximate size of the input, bytes. */
  inputBytes: number;
}

export interface SeriesOpenRequest {
  /** The tasks to open, all of one key. */
  parts: readonly SeriesPart[];
  /** Upstreams, each of which supports every task of the series. */
  candidates: readonly Candidate[];
  /** Longest send, ms. */
  sendTimeoutMs: number;
}

/**
 * `opened`: all tasks, in order; those without a slot wait. Every other kind: no task was opened, for the reason of the
 * first one that could not be.
 */
export type SeriesOpened =
  { kind: 'opened'; tasks: Task[] } | Exclude<Opened, { kind: 'opened' } | { kind: 'waiting' }>;

const ID_DRAWS = 5;
const SMALL_INPUT_BYTES = 64 * 1024;
/** Most bytes of input in one statement, in whose text every byte takes two characters. */
const MOST_AT_ONCE = 64 * 1024 * 1024;

/** Opens the tasks of one submit in one statement: all of them or none. */
@Injectable()
export class SeriesOpener {
  constructor(
    private readonly database: Database,
    private readonly options: TrackingOptions,
    private readonly minutes: SubmitMinutes,
  ) {}

  /** @throws DatabaseUnavailableError */
  async open(request: SeriesOpenRequest): Promise<SeriesOpened> {
    for (let draw = 1; ; draw += 1) {
      try {
        const tasks = this.createTasks(request.parts);
        await this.limitRetries(request, tasks);
        return await this.openNumbered(request, tasks);
      } catch (error) {
        const constraint = violatedConstraint(error);
        if (constraint === 'task_idem') return { kind: 'replay' };
        if (constraint !== 'task_pkey' || draw === ID_DRAWS) throw error;
      }
    }
  }

  /** Makes the tasks with ids that grow with their places, so that the rows alone show the order. */
  private createTasks(parts: readonly SeriesPart[]): Task[] {
    const now = this.database.now();
    const tasks = parts.map(({ newTask }) => createTask(newTask, now, randomInt(2 ** 48 - 1)));
    const ids = tasks.map(({ id }) => id).sort();
    tasks.forEach((task, at) => {
      task.id = ids[at] ?? newTaskId(now, randomInt(2 ** 48 - 1));
      task.batchId = at === 0 ? null : (ids[0] ?? null);
    });
    return tasks;
  }

  /** Disables retries for the series if the inputs for them do not fit under the limit of the key. */
  private async limitRetries({ parts }: SeriesOpenRequest, tasks: readonly Task[]): Promise<void> {
    const [first] = tasks;
    if (first === undefined || first.retriesLeft === 0) return;
    const bytes = sumOfBytes(parts);
    const [row] = await this.database.run(INPUT_FITS, { apiKeyId: first.apiKeyId, bytes, mostBytes: MAX_INPUT_BYTES });
    if (row?.has_room !== true || bytes > MOST_AT_ONCE) for (const task of tasks) task.retriesLeft = 0;
  }

  private async openNumbered(request: SeriesOpenRequest, tasks: readonly Task[]): Promise<SeriesOpened> {
    const bodies = request.parts.map(({ input, inputBytes }, at) =>
      inputBytes <= SMALL_INPUT_BYTES || (tasks[at]?.retriesLeft ?? 0) > 0 ? input() : null,
    );
    for (;;) {
      const rows = await this.run(request, tasks, bodies);
      const firstToKeep = rows.findIndex(({ verdict }) => verdict === 'needs_input');
      if (firstToKeep < 0) return toSeries(tasks, rows);
      // Slots go to the first tasks, so every task behind one that has to wait has to wait as well.
      const behind = request.parts.slice(firstToKeep);
      if (sumOfBytes(behind) > MOST_AT_ONCE) return { kind: 'queue_full' };
      behind.forEach(({ input }, at) => (bodies[firstToKeep + at] ??= input()));
    }
  }

  private async run(
    { candidates, sendTimeoutMs }: SeriesOpenRequest,
    tasks: readonly Task[],
    bodies: readonly (Buffer | null)[],
  ): Promise<VerdictRow[]> {
    const apiKeyId = tasks[0]?.apiKeyId ?? '';
    const rows = await this.database.run(OPEN_SERIES, {
      apiKeyId,
      tasks: JSON.stringify(tasks.map(toNewTaskRow)),
      candidates: JSON.stringify(candidates),
      bodies: byteaArray(bodies),
      mayWait: tasks.map(() => true),
      sendTimeoutMs,
      queueLimit: this.options.queueLimit,
      mostInputBytes: MAX_INPUT_BYTES,
    });
    noteSubmitMinute(this.minutes, apiKeyId, rows[0]);
    return rows;
  }
}

function sumOfBytes(parts: readonly SeriesPart[]): number {
  return parts.reduce((sum, { inputBytes }) => sum + inputBytes, 0);
}

function toSeries(tasks: readonly Task[], rows: readonly VerdictRow[]): SeriesOpened {
  for (const [at, row] of rows.entries()) {
    const task = tasks[at];
    if (task === undefined || (row.id === null && (row.verdict === 'open' || row.verdict === 'wait'))) continue;
    const opened = toOpened(task, row);
    if (opened.kind !== 'opened' && opened.kind !== 'waiting') return opened;
  }
  return { kind: 'opened', tasks: [...tasks] };
}
