import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { UpstreamAdapter, UpstreamPool, type Outcome, type SubmitCommand } from '#libs/upstream';
import { toInput } from './command-input.js';
import type { EventSource } from './task-event.js';
import { answeredId } from './settle-rules.js';
import { PushTokens } from './push-token.js';
import { markOf } from './task-mark.js';
import { Task } from './task.entity.js';
import { isTakenUpstreamId, TaskRepository } from './task.repository.js';
import { TrackingOptions } from './tracking-options.js';

/** How long a send may go on after shutdown began, ms; then its outcome is the reconciler's. */
const GRACE_MS = 12_000;
const SETTLE_PAUSES_MS = [100, 400, 1_000, 2_000];
/** How often an answer is taken in anew because its row was changed in between. */
const MAX_ROUNDS = 3;

export interface Send {
  task: Task;
  command: SubmitCommand;
  /** Whether it may wait for a free upstream when this one cannot take it. */
  mayWait: boolean;
  source: EventSource;
  /** What a replay with the same Idempotency-Key is answered; null: nothing is kept. */
  answerOf: (outcome: Outcome, task: Task) => object | null;
}

/** Sends an opened task to its upstream, once, and saves what the answer means. No transaction is open meanwhile. */
@Injectable()
export class TaskSender implements OnModuleDestroy {
  private readonly log = new Logger(TaskSender.name);
  /** Ends the wait of each send under way. One promise for all would keep every outcome until shutdown. */
  private readonly waits = new Set<() => void>();

  constructor(
    private readonly tasks: TaskRepository,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
    private readonly options: TrackingOptions,
    private readonly tokens: PushTokens,
  ) {}

  /** The outcome, after the task has taken it in. Never throws for what the upstream, or a database that is away, does. */
  async send(send: Send): Promise<Outcome> {
    return this.take(send, await this.ask(send.task, send.command));
  }

  /**
   * Sends one command that makes several tasks, under the mark of the first: the k-th id of the answer is the k-th task's,
   * and tasks that got none are refused. `answerOf` is given the tasks that were accepted.
   */
  async sendGroup(
    tasks: readonly [Task, ...Task[]],
    command: SubmitCommand,
    answerOf: (outcome: Outcome, accepted: readonly Task[]) => object | null,
  ): Promise<{ outcome: Outcome; accepted: Task[] }> {
    const [first] = tasks;
    const outcome = await this.ask(first, command);
    const ids = 'upstreamTaskIds' in outcome ? outcome.upstreamTaskIds : null;
    const accepted = outcome.kind === 'unknown' ? [...tasks] : tasks.slice(0, ids?.length ?? 0);
    for (const [at, task] of tasks.entries()) {
      const part = ids === null ? outcome : partOf(outcome, ids[at]);
      const answer = task === first ? answerOf(outcome, accepted) : null;
      await this.take({ task, command, mayWait: false, source: 'sender', answerOf: () => answer }, part);
    }
    return { outcome, accepted };
  }

  private async ask(task: Task, command: SubmitCommand): Promise<Outcome> {
    const up = task.upstreamId === null ? null : this.pool.find(task.upstreamId);
    if (up === null) return { kind: 'nothing_done', fault: 'connect' };
    const context = { state: markOf(task.id), pushUrl: this.tokens.urlOf(task.id) };
    return this.untilLeaving(this.adapter.submit(up, command, context));
  }

  private async take(send: Send, outcome: Outcome): Promise<Outcome> {
    const before = Object.assign(new Task(), send.task);
    try {
      await this.settle(send.task, outcome, send);
      return outcome;
    } catch (error) {
      if (!isTakenUpstreamId(error)) throw error;
      Object.assign(send.task, before);
      return this.settleTaken(send, outcome);
    }
  }

  /** Another task has the id that the upstream answered: the same key's is followed, any other's is nobody's business. */
  private async settleTaken(send: Send, outcome: Outcome): Promise<Outcome> {
    const { task, source, answerOf } = send;
    const upstreamTaskId = answeredId(outcome) ?? '';
    const original = await this.tasks.findByUpstreamId(task.upstreamId ?? '', upstreamTaskId, task.apiKeyId);
    if (original === null) {
      this.log.warn(`the upstream answered task ${task.id} with an id that another key's task has`);
      const declined: Outcome = { kind: 'refused', code: 9, words: '' };
      await this.settle(task, declined, send);
      return declined;
    }
    const exists: Outcome = { kind: 'exists', upstreamTaskId };
    const change = task.on({ kind: 'aliased', source, original }, this.database.now());
    if (change !== null) await this.patiently(task, () => this.tasks.settle(change, answerOf(exists, task), null));
    return exists;
  }

  onModuleDestroy(): void {
    setTimeout(() => this.waits.forEach((leave) => leave()), GRACE_MS).unref();
  }

  /** The outcome, or `unknown` when shutdown cannot wait for it any longer. */
  private untilLeaving(outcome: Promise<Outcome>): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const leave = (): void => resolve({ kind: 'unknown', fault: 'timeout' });
      this.waits.add(leave);
      void outcome.then(resolve, reject).finally(() => this.waits.delete(leave));
    });
  }

  /** Takes the answer in; where someone else has written the row meanwhile (a late look-up), on top of what they wrote. */
  private async settle(task: Task, outcome: Outcome, send: Omit<Send, 'task'>): Promise<void> {
    const { sendAttempt } = task;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const change = task.on(
        {
          kind: 'settled',
          source: send.source,
          outcome,
          pace: { minMs: this.options.pollMinMs, random: Math.random },
          timeoutMs: this.options.taskTimeoutMs[task.mode],
          mayWait: send.mayWait,
        },
        this.database.now(),
      );
      if (change === null) return;
      const answer = send.answerOf(outcome, task);
      // What the dispatcher sends is kept already.
      const input = task.waiting && send.source === 'sender' ? toInput(send.command) : null;
      const isSaved = await this.patiently(task, () => this.tasks.settle(change, answer, input));
      if (isSaved !== false) return;
      const fresh = await this.patiently(task, () => this.tasks.find(task.id, task.apiKeyId));
      if (fresh === null || fresh.sendAttempt !== sendAttempt) return;
      Object.assign(task, fresh);
    }
  }

  /** An answer that cannot be saved is not lost: the row still says "being sent", and the reconciler finds the task. */
  private async patiently<T>(task: Task, work: () => Promise<T>): Promise<T | null> {
    for (const pause of SETTLE_PAUSES_MS) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DatabaseUnavailableError)) throw error;
        await sleep(pause);
      }
    }
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError)) throw error;
      this.log.error(`the outcome of task ${task.id} could not be saved; it will be looked up`);
      return null;
    }
  }
}

/** The share of one task in an answer that names several. */
function partOf(outcome: Outcome, upstreamTaskId: string | undefined): Outcome {
  if (upstreamTaskId === undefined) return { kind: 'refused', code: 9, words: 'The upstream made fewer of them' };
  return outcome.kind === 'queued'
    ? { kind: 'queued', upstreamTaskIds: [upstreamTaskId], ahead: outcome.ahead }
    : { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] };
}
