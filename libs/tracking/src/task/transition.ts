import { isForward, isTerminal, type FailCode, type TaskStatus } from '#libs/wire';
import { onFailedByAdmin, onRefunded } from './rules/on-admin.js';
import { onAliased, onFollowed } from './rules/on-alias.js';
import { onCancelAsked, onCancelled } from './rules/on-cancel.js';
import type { Change, EndedSend, Learned, TimelineEntry } from './change.js';
import { onLookUp, onTakenLate } from './rules/on-look-up.js';
import { mayRetry, retry } from './rules/resend.js';
import { onGivenUp, onOutcome } from './rules/on-outcome.js';
import { onSeeded } from './rules/on-seed.js';
import { onSnapshot, onAbsent } from './rules/on-snapshot.js';
import type { TaskEvent } from './event.js';
import type { Task } from './task.entity.js';

/** The rules of a task's life, by what happened. Only Task.on calls this. */
export function decide(task: Task, event: TaskEvent, now: Date): Change | null {
  const change = new ChangeBuilder(task, now);
  switch (event.kind) {
    case 'settled':
      return onOutcome(change, event);
    case 'snapshot':
      return onSnapshot(change, event);
    case 'absent':
      return onAbsent(change, event);
    case 'missing':
      return change.isFollowed()
        ? change.fail('missing', 'The upstream no longer knows this task', event.source).done()
        : null;
    case 'found':
    case 'denied':
    case 'inconclusive':
      return onLookUp(change, event);
    case 'taken_late':
      return onTakenLate(change, event);
    case 'aliased':
      return onAliased(change, event);
    case 'followed':
      return onFollowed(change, event);
    case 'given_up':
      return onGivenUp(change, event);
    case 'queue_timed_out':
      return task.waiting ? change.fail('queue_timeout', 'No upstream became free in time', event.source).done() : null;
    case 'unheard':
      return change.isFollowed() ? change.fail('timeout', 'The upstream stopped answering', event.source).done() : null;
    case 'window_expired':
      return task.status === 'MODAL' && task.confirmedAt === null
        ? change.note('window_expired', event.source).finish('CANCEL', event.source, { refund: true }).done()
        : null;
    case 'cancelled':
      return onCancelled(change, event);
    case 'cancel_asked':
      return onCancelAsked(change, event);
    case 'seeded':
      return onSeeded(change, event);
    case 'input_lost':
      return change.isOver() || task.upstreamTaskId !== null
        ? null
        : change.fail('input_unavailable', 'The pictures of this task could not be read again', event.source).done();
    case 'failed_by_admin':
      return onFailedByAdmin(change, event);
    case 'refunded':
      return onRefunded(change, event);
  }
}

/** A change in the making: the rules call its verbs, and it keeps what must be saved along with them. */
export class ChangeBuilder {
  private readonly change: Change;

  constructor(
    readonly task: Task,
    readonly now: Date,
  ) {
    this.change = {
      task,
      fromVersion: task.version,
      timeline: [],
      refund: '0',
      refundNote: '',
      freesSlotOf: null,
      uncounts: false,
      visible: false,
      assets: [],
      endedSend: null,
      dropsInput: false,
      progress: null,
      isAcceptance: false,
    };
  }

  isOver(): boolean {
    return isTerminal(this.task.status);
  }

  /** Whether an upstream works at it: only then is it polled, and believed. A window that waits is not at work. */
  isFollowed(): boolean {
    const { status, upstreamTaskId } = this.task;
    return !this.isOver() && upstreamTaskId !== null && status !== 'MODAL';
  }

  /** Age since it was sent, ms. */
  age(): number {
    return this.now.getTime() - (this.task.sentAt ?? this.task.submittedAt).getTime();
  }

  /** `now`, but always after it was submitted: this process's clock may be behind, and its dates lack the row's microseconds. */
  timestamp(): Date {
    return new Date(Math.max(this.now.getTime(), this.task.submittedAt.getTime() + 1));
  }

  note(kind: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    this.change.timeline.push({ kind, source, detail });
    return this;
  }

  /** Moves to a status that is not terminal; a task that is sent again after a failure may be shown as further on already. */
  setStatus(status: TaskStatus): this {
    if (isForward(this.task.status, status)) this.task.status = status;
    this.change.visible = true;
    if (status === 'SUBMITTED' || status === 'IN_PROGRESS') this.task.startedAt ??= this.timestamp();
    return this;
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
    this.task.retriesLeft = 0;
    return this;
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
    this.task.cost = '0';
    return this;
  }

  freeSlot(): this {
    if (this.task.hasSlot) this.change.freesSlotOf = this.task.upstreamId;
    this.task.hasSlot = false;
    return this;
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
    this.task.failCode = code;
    this.task.failReason = reason;
    return this.end('FAILURE', { refund: true }).note('failed', source, { failCode: code, ...detail });
  }

  /** Ends it as declined before any work: never shown to clients, no hook. */
  refuse(code: FailCode, reason: string, source: TimelineEntry['source'], detail: Record<string, unknown> = {}): this {
    const { task } = this;
    task.failCode = code;
    task.failReason = reason;
    task.refused = true;
    // A refusal frees its Idempotency-Key: the same request may be sent again.
    task.idemKey = task.idemRoute = task.idemPrint = null;
    this.end('FAILURE', { refund: true }).note('refused', source, { failCode: code, ...detail });
    this.change.visible = false;
    return this;
  }

  /** Says that it goes on, and that a poll has changed no more than `Change.progress` tells. */
  goOn(learned: Learned): this {
    this.change.progress = learned;
    return this;
  }

  /** Says that an answer took it on, and that no more has changed than `Change.isAcceptance` tells. */
  takenOn(): this {
    // The statement for those drops what was sent.
    this.change.isAcceptance = this.change.dropsInput;
    return this;
  }

  /** The finished change, with its new version; null when nothing happened that is worth a version. */
  done(): Change | null {
    if (this.change.timeline.length === 0 && !this.change.visible) return null;
    this.task.version = this.change.fromVersion + 1;
    return this.change;
  }

  /** A change of the poll's bookkeeping alone: saved without a new version. */
  withoutVersion(): Change {
    return this.change;
  }

  private uncount(): this {
    this.change.uncounts = this.task.isCounted;
    this.task.isCounted = false;
    return this;
  }

  private end(status: 'SUCCESS' | 'FAILURE' | 'CANCEL', { refund }: { refund: boolean }): this {
    const { task } = this;
    task.status = status;
    task.progress = 100;
    task.finishedAt = this.timestamp();
    task.waiting = false;
    task.waitUntil = null;
    task.nextPollAt = null;
    task.lookUpAt = null;
    if (status === 'CANCEL') task.failCode = 'cancelled';
    this.change.visible = true;
    return this.release({ refund }).dropInput();
  }
}
