import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { SubmitMinutes } from '#libs/access';
import { Database, isStatementFault, violatedConstraint } from '#libs/database';
import { KeyedBatcher } from '#libs/runtime';
import type { Candidate } from '#libs/upstream';
import { newTaskId } from '#libs/wire';
import { noteSubmitMinute, toOpened, type Opened, type Verdict, type VerdictRow } from '../../store/open-verdict.js';
import { INPUT_FITS } from '../../store/reads/queue-limits.js';
import { byteaArray } from '../../store/bytea-array.js';
import { OPEN_HEAVY, OPEN_TASKS, toNewTaskRow } from '../../store/transitions/open.js';
import { MAX_INPUT_BYTES } from '../../store/fragments/queue-limit.js';
import { createTask, type NewTask } from '../../task/new-task.js';
import type { Task } from '../../task/task.entity.js';
import { TrackingOptions } from '../../tracking-options.js';

export interface OpenRequest {
  newTask: NewTask;
  candidates: readonly Candidate[];
  mayWait: boolean;
  /** Longest send, ms; TrackingOptions.submitTimeoutMs unless given. */
  sendTimeoutMs?: number;
  /**
   * Makes the input that is stored if the task has to wait; called at most once, and for large inputs only when needed.
   */
  input: () => Buffer;
  /** Approximate size of the input, bytes; small inputs go with the first statement. */
  inputBytes: number;
}

/**
 * Verdicts by running sums over a batch: the sums count refused tasks of the batch too, so such a refusal is checked
 * again alone.
 */
const REFUSED_BY_SUMS: ReadonlySet<Verdict> = new Set(['quota', 'daily', 'rate', 'busy', 'queue_full']);

interface Pending {
  task: Task;
  request: OpenRequest;
  body: Buffer | null;
}

/**
 * One statement per key at a time, because all of them lock the same account and slots. When one task of a batch
 * collides or cannot be stored, the whole batch is undone, and each task is opened alone.
 */
const BATCH_LIMITS = { concurrency: 1, maxBatch: 64, retrySinglyOn: isStatementFault };
const SMALL_INPUT_BYTES = 64 * 1024;
const ID_DRAWS = 5;

/** Opens tasks, batched by key: 2,769 opens a second instead of 191 one by one. */
@Injectable()
export class TaskOpener {
  /** Batches by key, candidates and longest send. */
  private readonly opens = new KeyedBatcher((batch: readonly Pending[]) => this.openBatch(batch), BATCH_LIMITS);

  constructor(
    private readonly database: Database,
    private readonly options: TrackingOptions,
    private readonly minutes: SubmitMinutes = new SubmitMinutes(),
  ) {}

  /** @throws DatabaseUnavailableError */
  async open(request: OpenRequest): Promise<Opened> {
    const task = createTask(request.newTask, this.database.now(), randomNumber());
    if (task.retriesLeft > 0 && !(await this.mayKeep(task, request.inputBytes))) task.retriesLeft = 0;
    const isSmall = request.inputBytes <= SMALL_INPUT_BYTES;
    const body = (isSmall && request.mayWait) || task.retriesLeft > 0 ? request.input() : null;
    for (let draw = 1; ; draw += 1) {
      try {
        const pending = { request, task, body };
        // A task of several jobs has a statement of its own, which counts slots differently; a large body is sent
        // alone, because a statement may not exceed 1 GiB.
        const isAlone = task.jobs > 1 || (!isSmall && body !== null);
        const first = isAlone ? await this.openAlone(pending) : await this.openInBatch(pending);
        const row =
          first.verdict === 'needs_input' ? await this.openAlone({ request, task, body: request.input() }) : first;
        return toOpened(task, row);
      } catch (error) {
        switch (violatedConstraint(error)) {
          case 'task_pkey':
            if (draw === ID_DRAWS) throw error;
            task.id = newTaskId(this.database.now(), randomNumber());
            break;
          case 'task_idem':
            return { kind: 'replay' };
          case 'task_repeat':
            return { kind: 'repeat' };
          default:
            throw error;
        }
      }
    }
  }

  /** Whether the input for retries fits under the limit of the key; otherwise the task gets no retries. */
  private async mayKeep({ apiKeyId }: Task, bytes: number): Promise<boolean> {
    const [row] = await this.database.run(INPUT_FITS, { apiKeyId, bytes, mostBytes: MAX_INPUT_BYTES });
    return row?.has_room ?? false;
  }

  /** Opens a task in a batch with others of its key and candidates. */
  private async openInBatch(pending: Pending): Promise<VerdictRow> {
    const { candidates, newTask, sendTimeoutMs } = pending.request;
    const key = `${newTask.apiKeyId}|${candidates.map(({ id }) => id).join()}|${sendTimeoutMs ?? ''}`;
    const end = await this.opens.add(key, pending);
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }

  /**
   * Opens a batch. A task refused by the running sums, which count refused neighbours too, is opened again alone, where
   * the sums are exact.
   */
  private async openBatch(batch: readonly Pending[]): Promise<PromiseSettledResult<VerdictRow>[]> {
    const rows = await this.run(batch);
    return Promise.allSettled(
      rows.map(async (row, at) => {
        const pending = batch[at];
        return batch.length > 1 && REFUSED_BY_SUMS.has(row.verdict) && pending !== undefined
          ? this.openAlone(pending)
          : row;
      }),
    );
  }

  private async openAlone(pending: Pending): Promise<VerdictRow> {
    const [row] = await this.run([pending]);
    if (row === undefined) throw new Error('the open statement lost a task');
    return row;
  }

  /** @returns a row for each task, in the same order */
  private async run(batch: readonly Pending[]): Promise<VerdictRow[]> {
    const [first] = batch;
    if (first === undefined) return [];
    const rows = await this.database.run(first.task.jobs > 1 ? OPEN_HEAVY : OPEN_TASKS, {
      apiKeyId: first.task.apiKeyId,
      tasks: JSON.stringify(batch.map(({ task }) => toNewTaskRow(task))),
      candidates: JSON.stringify(first.request.candidates),
      bodies: byteaArray(batch.map(({ body }) => body)),
      mayWait: batch.map(({ request }) => request.mayWait),
      sendTimeoutMs: first.request.sendTimeoutMs ?? this.options.submitTimeoutMs,
      queueLimit: this.options.queueLimit,
      mostInputBytes: MAX_INPUT_BYTES,
    });
    noteSubmitMinute(this.minutes, first.task.apiKeyId, rows[0]);
    return rows;
  }
}

function randomNumber(): number {
  return randomInt(2 ** 48 - 1);
}
