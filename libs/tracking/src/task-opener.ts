import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { SubmitMinutes } from '#libs/access';
import { Database, DatabaseUnavailableError, rowReader, rowWriter, violatedConstraint } from '#libs/database';
import type { Candidate } from '#libs/upstream';
import { newTaskId } from '#libs/wire';
import { OPEN_TASKS } from './sql/open.js';
import { draftTask, type TaskDraft } from './task-draft.js';
import { Task } from './task.entity.js';
import { TrackingOptions } from './tracking-options.js';

/** What came of opening a task. Only `opened` and `waiting` left a row. */
export type Opened =
  | { kind: 'opened'; task: Task }
  | { kind: 'waiting'; task: Task }
  /** Credits, or what may be spent in this month, do not cover the price. */
  | { kind: 'quota' }
  /** The key has as many unfinished tasks as it may, or had as many submits in this minute or tasks on this day. */
  | { kind: 'busy'; retryAfterSeconds: number }
  /** The key has as many waiting tasks, or as much of their input, as it may. */
  | { kind: 'queue_full' }
  /** No slot is free, and it may not wait. */
  | { kind: 'full' }
  /** The Idempotency-Key was used before. */
  | { kind: 'replay' }
  /** The same upscale runs or has succeeded. */
  | { kind: 'repeat' };

export interface OpenRequest {
  draft: TaskDraft;
  candidates: readonly Candidate[];
  mayWait: boolean;
  /** How long its send may take, ms; TrackingOptions.submitTimeoutMs unless given. */
  sendTimeoutMs?: number;
  /** What it will send if it has to wait; called at most once, and only then for large ones. */
  input: () => Buffer;
  /** Bytes the input will have, roughly; small ones are handed over at once. */
  inputBytes: number;
}

type Verdict = 'open' | 'wait' | 'quota' | 'daily' | 'rate' | 'busy' | 'queue_full' | 'full' | 'needs_input';

/** Verdicts on how much the key has asked for: in a batch they may be owed to refused neighbours. */
const BY_SUMS: ReadonlySet<Verdict> = new Set(['quota', 'daily', 'rate', 'busy', 'queue_full']);

/** How the limits of the key stand after the statement; null without limits. */
interface LimitsLeft {
  rate_limit: number | null;
  rate_used: number | null;
  rate_resets_ms: number | null;
  day_ends_ms: number;
}

interface Pending {
  task: Task;
  request: OpenRequest;
  body: Buffer | null;
  resolve: (result: VerdictRow) => void;
  reject: (error: unknown) => void;
}

interface VerdictRow {
  verdict: Verdict;
  task: Task | null;
  left: LimitsLeft;
}

const MAX_BATCH = 64;
/** Input that a key may have waiting. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;
const SMALL_INPUT_BYTES = 64 * 1024;
const ID_DRAWS = 5;
/** Nobody knows when a task ends. */
export const BUSY_RETRY_SECONDS = 5;

const readTask = rowReader(Task);
const writeTask = rowWriter(Task);

/**
 * Opens tasks. Per key one statement is under way and the next tasks gather behind it, because all of them lock the
 * same account and slots: 191 opens a second one by one became 2,769.
 */
@Injectable()
export class TaskOpener {
  private readonly gathering = new Map<string, Pending[]>();

  constructor(
    private readonly database: Database,
    private readonly options: TrackingOptions,
    private readonly minutes: SubmitMinutes = new SubmitMinutes(),
  ) {}

  /** @throws DatabaseUnavailableError */
  async open(request: OpenRequest): Promise<Opened> {
    const task = draftTask(request.draft, this.database.now(), randomNumber());
    const body = request.inputBytes <= SMALL_INPUT_BYTES && request.mayWait ? request.input() : null;
    for (let draw = 1; ; draw += 1) {
      try {
        const first = await this.enqueue(request, task, body);
        const row = first.verdict === 'needs_input' ? await this.alone(request, task, request.input()) : first;
        return toOpened(row);
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

  /** Puts a task behind the statement that is under way for its key and candidates, or runs it at once. */
  private enqueue(request: OpenRequest, task: Task, body: Buffer | null): Promise<VerdictRow> {
    const candidates = request.candidates.map(({ id }) => id).join();
    const lane = `${request.draft.apiKeyId}|${candidates}|${request.sendTimeoutMs ?? ''}`;
    return new Promise((resolve, reject) => {
      const pending: Pending = { task, request, body, resolve, reject };
      const queue = this.gathering.get(lane);
      if (queue !== undefined) {
        queue.push(pending);
        return;
      }
      this.gathering.set(lane, [pending]);
      void this.drainLane(lane);
    });
  }

  private async drainLane(lane: string): Promise<void> {
    for (;;) {
      const batch = this.gathering.get(lane)?.splice(0, MAX_BATCH) ?? [];
      if (batch.length === 0) {
        this.gathering.delete(lane);
        return;
      }
      await this.openBatch(batch);
    }
  }

  private async openBatch(batch: Pending[]): Promise<void> {
    try {
      const rows = await this.run(batch);
      await Promise.all(batch.map(async (pending, at) => this.answer(pending, rows[at], batch.length)));
    } catch (error) {
      if (batch.length === 1 || error instanceof DatabaseUnavailableError) {
        for (const pending of batch) pending.reject(error);
        return;
      }
      // One of them collided, or cannot be stored, and undid all: each is opened alone, so that only that one is told.
      for (const pending of batch) {
        await this.alone(pending.request, pending.task, pending.body).then(pending.resolve, pending.reject);
      }
    }
  }

  /** A refusal by running sums over a batch counts refused neighbours too; alone it is exact. */
  private async answer(pending: Pending, row: VerdictRow | undefined, batchSize: number): Promise<void> {
    if (row === undefined) return pending.reject(new Error('the open statement lost a task'));
    if (batchSize === 1 || !BY_SUMS.has(row.verdict)) return pending.resolve(row);
    await this.alone(pending.request, pending.task, pending.body).then(pending.resolve, pending.reject);
  }

  private async alone(request: OpenRequest, task: Task, body: Buffer | null): Promise<VerdictRow> {
    const [row] = await this.run([{ task, request, body }]);
    if (row === undefined) throw new Error('the open statement lost a task');
    return row;
  }

  private async run(batch: readonly Pick<Pending, 'task' | 'request' | 'body'>[]): Promise<VerdictRow[]> {
    const [first] = batch;
    if (first === undefined) return [];
    const rows = await this.database.run<LimitsLeft & { place: string; verdict: Verdict; id: string | null }>(
      OPEN_TASKS,
      [
        first.task.apiKeyId,
        JSON.stringify(batch.map(({ task }) => writeTask(task))),
        JSON.stringify(first.request.candidates),
        batch.map(({ body }) => body),
        batch.map(({ request }) => request.mayWait),
        first.request.sendTimeoutMs ?? this.options.submitTimeoutMs,
        this.options.queueLimit,
        MAX_INPUT_BYTES,
      ],
    );
    this.tellMinute(first.task.apiKeyId, rows[0]);
    return rows.map((row) => ({ verdict: row.verdict, task: row.id === null ? null : readTask(row), left: row }));
  }

  private tellMinute(apiKeyId: string, left: LimitsLeft | undefined): void {
    if (left === undefined) return;
    const { rate_limit: limit, rate_used: used, rate_resets_ms: endsInMs } = left;
    if (limit !== null && used !== null && endsInMs !== null) this.minutes.note(apiKeyId, limit, used, endsInMs);
  }
}

function toOpened({ verdict, task, left }: VerdictRow): Opened {
  if (task !== null) return { kind: task.waiting ? 'waiting' : 'opened', task };
  switch (verdict) {
    case 'busy':
      return { kind: 'busy', retryAfterSeconds: BUSY_RETRY_SECONDS };
    case 'rate':
      return { kind: 'busy', retryAfterSeconds: secondsOf(left.rate_resets_ms ?? 0) };
    case 'daily':
      return { kind: 'busy', retryAfterSeconds: secondsOf(left.day_ends_ms) };
    case 'quota':
    case 'queue_full':
    case 'full':
      return { kind: verdict };
    case 'open':
    case 'wait':
    case 'needs_input':
      throw new Error(`the open statement answered ${verdict} without a task`);
  }
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function randomNumber(): number {
  return randomBytes(6).readUIntBE(0, 6);
}
