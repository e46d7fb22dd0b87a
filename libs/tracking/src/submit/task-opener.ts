import { Injectable } from '@nestjs/common';
import { randomInt } from 'node:crypto';
import { SubmitMinutes } from '#libs/access';
import { Database, isStatementFault, violatedConstraint } from '#libs/database';
import { KeyedBatcher } from '#libs/runtime';
import type { Candidate } from '#libs/upstream';
import { newTaskId } from '#libs/wire';
import { noteSubmitMinute, toOpened, type Opened, type Verdict, type VerdictRow } from '../store/open-verdict.js';
import { INPUT_FITS } from '../store/reads/queue-limits.js';
import { byteaArray } from '../store/bytea-array.js';
import { OPEN_HEAVY, OPEN_TASKS, toNewTaskRow } from '../store/transitions/open.js';
import { MAX_INPUT_BYTES } from '../store/fragments/queue-limit.js';
import { createTask, type NewTask } from '../task/new-task.js';
import type { Task } from '../task/task.entity.js';
import { TrackingOptions } from '../tracking-options.js';

export interface OpenRequest {
  newTask: NewTask;
  candidates: readonly Candidate[];
  mayWait: boolean;
  /** How long its send may take, ms; TrackingOptions.submitTimeoutMs unless given. */
  sendTimeoutMs?: number;
  /** What it will send if it has to wait; called at most once, and only then for large ones. */
  input: () => Buffer;
  /** Bytes the input will have, roughly; small ones are handed over at once. */
  inputBytes: number;
}

/** Verdicts on how much the key has asked for: in a batch they may be owed to refused neighbours. */
const REFUSED_BY_SUMS: ReadonlySet<Verdict> = new Set(['quota', 'daily', 'rate', 'busy', 'queue_full']);

interface Pending {
  task: Task;
  request: OpenRequest;
  body: Buffer | null;
}

/**
 * Per key one statement is under way, because all of them lock the same account and slots. When one of a batch collided,
 * or cannot be stored, all are undone, and each is opened alone.
 */
const BATCH_LIMITS = { concurrency: 1, maxBatch: 64, retrySinglyOn: isStatementFault };
const SMALL_INPUT_BYTES = 64 * 1024;
const ID_DRAWS = 5;

/** Opens tasks. Those of one key gather: 191 opens a second one by one became 2,769. */
@Injectable()
export class TaskOpener {
  /** By key, candidates and time to send. */
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
        // What is several jobs is opened by a statement of its own, as slots are counted otherwise for it; and so is a
        // large body, as a statement may not be longer than 1 GiB.
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

  /** Whether what may be sent again can be kept; without room for it there are no retries. */
  private async mayKeep({ apiKeyId }: Task, bytes: number): Promise<boolean> {
    const [row] = await this.database.run(INPUT_FITS, { apiKeyId, bytes, mostBytes: MAX_INPUT_BYTES });
    return row?.has_room ?? false;
  }

  /** Opens a task along with others of its key and candidates. */
  private async openInBatch(pending: Pending): Promise<VerdictRow> {
    const { candidates, newTask, sendTimeoutMs } = pending.request;
    const key = `${newTask.apiKeyId}|${candidates.map(({ id }) => id).join()}|${sendTimeoutMs ?? ''}`;
    const end = await this.opens.add(key, pending);
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  }

  /** A refusal by running sums over a batch counts refused neighbours too; alone it is exact. */
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

  /** A row for each, in the same order. */
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
