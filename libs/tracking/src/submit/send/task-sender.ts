import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { nullOnAbort } from '#libs/runtime';
import {
  sendTimeoutMs,
  UpstreamAdapter,
  UpstreamCache,
  type Outcome,
  type SubmitCommand,
  type UpstreamTarget,
} from '#libs/upstream';
import { PushTokens } from '../../task/push-token.js';
import { InputPreparer } from './input-preparer.js';
import { SendSettler, type Send, type SendAnswer } from './send-settler.js';
import { TaskFailover } from './task-failover.js';
import { correlationIdOf } from '../../task/correlation-id.js';
import type { Task } from '../../task/task.entity.js';

/** Grace period for sends in flight after shutdown began, ms; afterwards the reconciler finds their outcome. */
const GRACE_MS = 12_000;
/**
 * Longest preparation of a send, ms, and as a part of the time that the send itself may take: look-ups of its outcome begin
 * by when it was opened, and must not prove the task absent while a late send is still under way.
 */
const MOST_PREPARING_MS = 25_000;
const MOST_PREPARING_PART = 0.5;

const NOT_SENT: SendAnswer = { outcome: { kind: 'nothing_done', fault: 'connect' }, mayResend: false };

/**
 * Sends an opened task to its upstream, once, and has the outcome saved; if the upstream did nothing, the task is moved
 * to another upstream first. No transaction is open during a send.
 */
@Injectable()
export class TaskSender implements OnModuleDestroy {
  /** Aborted when shutdown no longer waits for sends in flight. */
  private readonly graceOver = new AbortController();

  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
    private readonly tokens: PushTokens,
    private readonly failover: TaskFailover,
    private readonly settler: SendSettler,
    private readonly inputs: InputPreparer,
  ) {
    // Every send in flight adds a listener.
    setMaxListeners(0, this.graceOver.signal);
  }

  /**
   * Sends a task. Does not throw for failures of the upstream or an unavailable database.
   * @returns the outcome that the row records, which is another one if the row was changed concurrently
   */
  async send(send: Send): Promise<Outcome> {
    const { task, command, source, traceparent } = send;
    const route = { task, command, source, tried: new Set<string>() };
    this.failover.noteSubmit();
    let answer = await this.ask(task, command, traceparent);
    while (await this.failover.move(route, answer.outcome)) answer = await this.ask(task, command, traceparent);
    return this.settler.take(send, answer);
  }

  /**
   * Sends one command that makes several tasks, under the correlation id of the first: the k-th id of the answer
   * belongs to the k-th task, and tasks without an id are refused. `answerOf` gets the accepted tasks.
   */
  async sendGroup(
    tasks: readonly [Task, ...Task[]],
    command: SubmitCommand,
    answerOf: (outcome: Outcome, accepted: readonly Task[]) => object | null,
    traceparent?: string,
  ): Promise<{ outcome: Outcome; accepted: Task[] }> {
    const [first] = tasks;
    const { outcome } = await this.ask(first, command, traceparent);
    const ids = 'upstreamTaskIds' in outcome ? outcome.upstreamTaskIds : null;
    const accepted = outcome.kind === 'unknown' ? [...tasks] : tasks.slice(0, ids?.length ?? 0);
    let firstOutcome: Outcome | null = null;
    for (const [at, task] of tasks.entries()) {
      const part = ids === null ? outcome : partOf(outcome, ids[at]);
      const answer = task === first ? answerOf(outcome, accepted) : null;
      const send: Send = { task, command, mayWait: false, source: 'sender', answerOf: () => answer };
      // A command for several tasks is not sent again for one of them.
      const settled = await this.settler.take(send, { outcome: part, mayResend: false });
      if (firstOutcome === null && !task.refused) firstOutcome = settled;
    }
    return { outcome: firstOutcome ?? outcome, accepted: tasks.filter(({ refused }) => !refused) };
  }

  onModuleDestroy(): void {
    setTimeout(() => this.graceOver.abort(), GRACE_MS).unref();
  }

  private async ask(task: Task, command: SubmitCommand, traceparent?: string): Promise<SendAnswer> {
    const up = task.upstreamId === null ? null : this.upstreams.find(task.upstreamId);
    const began = performance.now();
    const first = await this.obstacleTo(task, up, command);
    if (first !== null || up === null) return first ?? NOT_SENT;
    const prepared = await this.inputs.prepare(task, up, command);
    if (prepared.kind === 'settled') return { outcome: prepared.outcome, mayResend: false };
    if (prepared.command !== command) {
      const mostMs = Math.min(MOST_PREPARING_MS, sendTimeoutMs(command.kind, up.submitTimeoutMs) * MOST_PREPARING_PART);
      if (performance.now() - began > mostMs) return NOT_SENT;
      const later = await this.obstacleTo(task, up, command);
      if (later !== null) return later;
    }
    const context = {
      state: correlationIdOf(task.id),
      pushUrl: this.tokens.urlOf(task.id),
      traceparent,
      taskId: task.id,
    };
    const answer = await this.untilGraceIsOver(this.adapter.submit(up, prepared.command, context));
    this.upstreams.noteAnswer(up.id, task, answer.outcome);
    return answer;
  }

  /** Why nothing may be sent now; null: it may. */
  private async obstacleTo(task: Task, up: UpstreamTarget | null, command: SubmitCommand): Promise<SendAnswer | null> {
    // This process was suspended since the row was opened: another replica may have given the task up, so nothing may
    // be sent.
    if (task.sendDeadline !== null && (await this.isPast(task.sendDeadline))) {
      return { outcome: { kind: 'unknown', fault: 'timeout' }, mayResend: false };
    }
    // Nothing waits for the answer to a send that starts after the grace period.
    if (up === null || this.graceOver.signal.aborted) {
      return NOT_SENT;
    }
    // Its operator changed it, or it was dispatched by its kind alone: nothing is sent that it could not do.
    if (this.upstreams.unsupported(up, { ...task, command }) !== null) {
      this.upstreams.unable.note(up, task.id);
      return { outcome: { kind: 'nothing_done', fault: 'no_account' }, mayResend: false };
    }
    return null;
  }

  /**
   * Whether the deadline has passed by the database's time; true if that time cannot be read, because another replica
   * may have given the task up.
   */
  private async isPast(deadline: Date): Promise<boolean> {
    try {
      return (await this.database.time()) >= deadline;
    } catch (error) {
      if (error instanceof DatabaseUnavailableError) return true;
      throw error;
    }
  }

  /** The outcome; `unknown` when the grace period of shutdown ends first, with the connection still open. */
  private async untilGraceIsOver(outcome: Promise<Outcome>): Promise<SendAnswer> {
    const known = await nullOnAbort(this.graceOver.signal, outcome);
    if (known === null) return { outcome: { kind: 'unknown', fault: 'timeout' }, mayResend: false };
    return { outcome: known, mayResend: true };
  }
}

/** The outcome for one task of an answer with several ids. */
function partOf(outcome: Outcome, upstreamTaskId: string | undefined): Outcome {
  if (upstreamTaskId === undefined) return { kind: 'refused', code: 9, words: 'The upstream made fewer of them' };
  return outcome.kind === 'queued'
    ? { kind: 'queued', upstreamTaskIds: [upstreamTaskId], ahead: outcome.ahead }
    : { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] };
}
