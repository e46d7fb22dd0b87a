import { isForward, isTerminal, type FailCode, type TaskStatus } from '#libs/wire';
import type { Change, EndedSend, TaskFields, TimelineEntry } from './change.js';
import type { EventKind } from './event-kinds.js';
import { mayRetry, retry } from './rules/resend.js';
import type { Task } from './task.entity.js';

/**
 * Builds the change that one event makes to a task. Rules read `task` and write through `set` and the methods below, so
 * that the change records every field that was touched.
 */
export class ChangeBuilder {
  /** The task with all fields that were set so far. */
  readonly task: Readonly<Task>;
  private readonly change: Change;

  /** @param now the database's time */
  constructor(
    task: Task,
    readonly now: Date,
  ) {
    this.task = task;
    this.change = {
      task,
      fromVersion: task.version,
      touched: new Set(),
      timeline: [],
      refund: '0',
      refundNote: '',
      freesSlotOf: null,
      uncounts: false,
      visible: false,
      assets: [],
      endedSend: null,
      dropsInput: false,
    };
  }

  /** Writes fields of the task. A field that already has the given value does not count as touched. */
  set(fields: Partial<TaskFields>): this {
    const { task, touched } = this.change;
    for (const name of Object.keys(fields) as (keyof TaskFields)[]) {
      if (isSame(task[name], fields[name])) continue;
      touched.add(name);
      Object.assign(task, { [name]: fields[name] });
    }
    return this;
  }

  isEnded(): boolean {
    return isTerminal(this.task.status);
  }

  /**
   * Whether an upstream works on the task. Only such a task is polled, and only its snapshots count. A modal that waits
   * for its client is not worked on.
   */
  isFollowed(): boolean {
    const { status, upstreamTaskId } = this.task;
    return !this.isEnded() && upstreamTaskId !== null && status !== 'MODAL';
  }

  /** Time since the task was sent, ms. */
  age(): number {
    return this.now.getTime() - (this.task.sentAt ?? this.task.submittedAt).getTime();
  }

  /**
   * `now`, but always later than the submit: the clock of this process may be behind, and its dates lack the
   * microseconds of the row.
   */
  timestamp(): Date {
    return new Date(Math.max(this.now.getTime(), this.task.submittedAt.getTime() + 1));
  }

  note(kind: EventKind, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    this.change.timeline.push({ kind, source, detail });
    return this;
  }

  /**
   * Moves the task forward to a status that is not terminal. A retried task keeps the status that its client has seen
   * until the new attempt is further on.
   */
  setStatus(status: TaskStatus): this {
    if (isForward(this.task.status, status)) this.set({ status });
    this.change.visible = true;
    return status === 'SUBMITTED' || status === 'IN_PROGRESS' ? this.start() : this;
  }

  /** Sets the start of the task to now unless the task had started before. */
  start(): this {
    return this.task.startedAt === null ? this.set({ startedAt: this.timestamp() }) : this;
  }

  /** Marks the change as visible to clients, so that hooks are due. */
  markVisible(): this {
    this.change.visible = true;
    return this;
  }

  want(kind: 'image' | 'video', n: number, sourceUrl: string): this {
    this.change.assets.push({ kind, n, sourceUrl });
    return this;
  }

  /** Drops the stored input, which makes a resend or a retry impossible from now on. */
  dropInput(): this {
    this.change.dropsInput = true;
    return this.set({ retriesLeft: 0 });
  }

  /**
   * Keeps the attempt that is over, because the task is sent again and the upstream may still accept the earlier
   * attempt.
   */
  endSend(why: EndedSend['why']): this {
    const { sendAttempt: attempt, upstreamId, upstreamTaskId, sentAt } = this.task;
    if (upstreamId !== null) this.change.endedSend = { attempt, upstreamId, upstreamTaskId, sentAt, why };
    return this;
  }

  /**
   * Releases credits, slot and running count: neither an ended task nor a modal that waits for its client holds any of
   * them.
   */
  release({ refund }: { refund: boolean }): this {
    return (refund ? this.refund('') : this).freeSlot().uncount();
  }

  /** Refunds the current cost of the task. @param note reason of the refund, for the ledger */
  refund(note: string): this {
    this.change.refund = this.task.cost;
    this.change.refundNote = note;
    return this.set({ cost: '0' });
  }

  freeSlot(): this {
    if (this.task.hasSlot) this.change.freesSlotOf = this.task.upstreamId;
    return this.set({ hasSlot: false });
  }

  /** Ends the task in SUCCESS or CANCEL and writes the event of that status. */
  finish(status: 'SUCCESS' | 'CANCEL', source: TimelineEntry['source'], options: { refund: boolean }): this {
    return this.end(status, options).note(status === 'SUCCESS' ? 'succeeded' : 'cancelled', source);
  }

  /**
   * Ends the task in FAILURE and refunds it; `reason` is what the client reads. If the client asked for retries and a
   * failure of this code may pass, the task is queued for another attempt instead.
   */
  fail(code: FailCode, reason: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    if (mayRetry(this.task, code)) {
      retry(this, code, reason, source);
      return this;
    }
    this.set({ failCode: code, failReason: reason });
    return this.end('FAILURE', { refund: true }).note('failed', source, { failCode: code, ...detail });
  }

  /** Ends the task as declined before any work: clients never see the task, and no hook is sent. */
  refuse(code: FailCode, reason: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    this.set({ failCode: code, failReason: reason, refused: true });
    // A refusal frees the Idempotency-Key: the client may send the same request again.
    this.set({ idemKey: null, idemRoute: null, idemPrint: null });
    this.end('FAILURE', { refund: true }).note('refused', source, { failCode: code, ...detail });
    this.change.visible = false;
    return this;
  }

  /** The finished change with its new version; null when the event changed nothing that deserves a version. */
  done(): Change | null {
    if (this.change.timeline.length === 0 && !this.change.visible) return null;
    this.change.task.version = this.change.fromVersion + 1;
    return this.change;
  }

  /** The finished change without a new version, for an event that only moved the bookkeeping of polls or look-ups. */
  withoutVersion(): Change {
    return this.change;
  }

  private uncount(): this {
    this.change.uncounts = this.task.isCounted;
    return this.set({ isCounted: false });
  }

  private end(status: 'SUCCESS' | 'FAILURE' | 'CANCEL', { refund }: { refund: boolean }): this {
    this.set({ status, progress: 100, finishedAt: this.timestamp(), waiting: false, waitUntil: null });
    this.set({ nextPollAt: null, lookUpAt: null });
    if (status === 'CANCEL') this.set({ failCode: 'cancelled' });
    this.change.visible = true;
    return this.release({ refund }).dropInput();
  }
}

/** Whether a field already has a value: dates are compared by time, lists by identity. */
function isSame(old: unknown, fresh: unknown): boolean {
  return old === fresh || (old instanceof Date && fresh instanceof Date && old.getTime() === fresh.getTime());
}
