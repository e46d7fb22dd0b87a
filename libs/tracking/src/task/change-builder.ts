import { isForward, isTerminal, type FailCode, type TaskStatus } from '#libs/wire';
import type { Change, EndedSend, TaskFields, TimelineEntry } from './change.js';
import type { EventKind } from './event-kinds.js';
import { mayRetry, retry } from './rules/resend.js';
import type { Task } from './task.entity.js';

/**
 * Builds the change that one event makes of a task. Rules read the task and write it through `set` and the verbs below,
 * so that the change knows every field that it touches.
 */
export class ChangeBuilder {
  /** The task as the event has it so far. */
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

  /** Writes fields of the task. A field that has its value already is not touched. */
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

  /** Whether an upstream works at it: only then is it polled, and believed. A window that waits is not at work. */
  isFollowed(): boolean {
    const { status, upstreamTaskId } = this.task;
    return !this.isEnded() && upstreamTaskId !== null && status !== 'MODAL';
  }

  /** Age since it was sent, ms. */
  age(): number {
    return this.now.getTime() - (this.task.sentAt ?? this.task.submittedAt).getTime();
  }

  /** `now`, but always after it was submitted: this process's clock may be behind, and its dates lack the row's microseconds. */
  timestamp(): Date {
    return new Date(Math.max(this.now.getTime(), this.task.submittedAt.getTime() + 1));
  }

  note(kind: EventKind, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    this.change.timeline.push({ kind, source, detail });
    return this;
  }

  /** Moves to a status that is not terminal; a task that is sent again after a failure may be shown as further on already. */
  setStatus(status: TaskStatus): this {
    if (isForward(this.task.status, status)) this.set({ status });
    this.change.visible = true;
    return status === 'SUBMITTED' || status === 'IN_PROGRESS' ? this.start() : this;
  }

  /** Has it begun now, unless it had begun before. */
  start(): this {
    return this.task.startedAt === null ? this.set({ startedAt: this.timestamp() }) : this;
  }

  /** Says that clients can see a difference. */
  markVisible(): this {
    this.change.visible = true;
    return this;
  }

  want(kind: 'image' | 'video', n: number, sourceUrl: string): this {
    this.change.assets.push({ kind, n, sourceUrl });
    return this;
  }

  /** What it sent is not needed any more: from now on it cannot be sent again. */
  dropInput(): this {
    this.change.dropsInput = true;
    return this.set({ retriesLeft: 0 });
  }

  /** Keeps the send that is over, because another one follows it: it may turn up after all. */
  endSend(why: EndedSend['why']): this {
    const { sendAttempt: attempt, upstreamId, upstreamTaskId, sentAt } = this.task;
    if (upstreamId !== null) this.change.endedSend = { attempt, upstreamId, upstreamTaskId, sentAt, why };
    return this;
  }

  /** Gives credits, slot and running count back: what ends, and a window that waits, holds none of them. */
  release({ refund }: { refund: boolean }): this {
    return (refund ? this.refund('') : this).freeSlot().uncount();
  }

  /** Gives back what it costs now. @param note why, for the ledger */
  refund(note: string): this {
    this.change.refund = this.task.cost;
    this.change.refundNote = note;
    return this.set({ cost: '0' });
  }

  freeSlot(): this {
    if (this.task.hasSlot) this.change.freesSlotOf = this.task.upstreamId;
    return this.set({ hasSlot: false });
  }

  /** Ends the task. The event has the status's name in lower case unless another is given. */
  finish(status: 'SUCCESS' | 'CANCEL', source: TimelineEntry['source'], options: { refund: boolean }): this {
    return this.end(status, options).note(status === 'SUCCESS' ? 'succeeded' : 'cancelled', source);
  }

  /**
   * Ends it in FAILURE, refunded. `reason` is what the client sees. Where its client asked for retries, and the failure is
   * one that may pass, it is sent again instead.
   */
  fail(code: FailCode, reason: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    if (mayRetry(this.task, code)) {
      retry(this, code, reason, source);
      return this;
    }
    this.set({ failCode: code, failReason: reason });
    return this.end('FAILURE', { refund: true }).note('failed', source, { failCode: code, ...detail });
  }

  /** Ends it as declined before any work: never shown to clients, no hook. */
  refuse(code: FailCode, reason: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    this.set({ failCode: code, failReason: reason, refused: true });
    // A refusal frees its Idempotency-Key: the same request may be sent again.
    this.set({ idemKey: null, idemRoute: null, idemPrint: null });
    this.end('FAILURE', { refund: true }).note('refused', source, { failCode: code, ...detail });
    this.change.visible = false;
    return this;
  }

  /** The finished change, with its new version; null when nothing happened that is worth a version. */
  done(): Change | null {
    if (this.change.timeline.length === 0 && !this.change.visible) return null;
    this.change.task.version = this.change.fromVersion + 1;
    return this.change;
  }

  /** A change of the poll's bookkeeping alone: saved without a new version. */
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

/** Whether a field has that value already: dates by their time, lists by themselves. */
function isSame(old: unknown, fresh: unknown): boolean {
  return old === fresh || (old instanceof Date && fresh instanceof Date && old.getTime() === fresh.getTime());
}
