import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { UpstreamAdapter, UpstreamPool, type Outcome, type SubmitCommand } from '#libs/upstream';
import type { Change } from './change.js';
import { toInput } from './command-input.js';
import type { EventSource } from './task-event.js';
import { answeredId } from './settle-rules.js';
import { PushTokens } from './push-token.js';
import { QueueRoom } from './queue-room.js';
import { patiently } from './patiently.js';
import { TaskFailover } from './task-failover.js';
import { markOf } from './task-mark.js';
import type { Task } from './task.entity.js';
import { isTakenUpstreamId, TaskRepository } from './task.repository.js';
import { TrackingOptions } from './tracking-options.js';

/** How long a send may go on after shutdown began, ms; then its outcome is the reconciler's. */
const GRACE_MS = 12_000;
/** How long, and how often, an acceptance is still tried to be saved after its client was answered, ms. */
const LATE_MS = 600_000;
const LATE_PAUSE_MS = 1_000;
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
  /** The client's trace context; what was stored meanwhile has none. */
  traceparent?: string;
}

/**
 * Sends an opened task to its upstream, once, and saves what the answer means; where its upstream did nothing, to another
 * one first. No transaction is open meanwhile.
 */
@Injectable()
export class TaskSender implements OnModuleDestroy {
  private readonly log = new Logger(TaskSender.name);
  /** Ends the wait of each send under way. One promise for all would keep every outcome until shutdown. */
  private readonly waits = new Set<() => void>();
  private readonly leaving = new AbortController();
  private hasLeft = false;

  constructor(
    private readonly tasks: TaskRepository,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    private readonly database: Database,
    private readonly options: TrackingOptions,
    private readonly tokens: PushTokens,
    private readonly failover: TaskFailover,
    private readonly queue: QueueRoom,
  ) {
    // Every acceptance that is saved late waits for it.
    setMaxListeners(0, this.leaving.signal);
  }

  /** The outcome, after the task has taken it in. Never throws for what the upstream, or a database that is away, does. */
  async send(send: Send): Promise<Outcome> {
    const { task, command, source, traceparent } = send;
    const route = { task, command, source, tried: new Set<string>() };
    this.failover.noteSubmit();
    let outcome = await this.ask(task, command, traceparent);
    while (await this.failover.move(route, outcome)) outcome = await this.ask(task, command, traceparent);
    return this.take(send, outcome);
  }

  /**
   * Sends one command that makes several tasks, under the mark of the first: the k-th id of the answer is the k-th task's,
   * and tasks that got none are refused. `answerOf` is given the tasks that were accepted.
   */
  async sendGroup(
    tasks: readonly [Task, ...Task[]],
    command: SubmitCommand,
    answerOf: (outcome: Outcome, accepted: readonly Task[]) => object | null,
    traceparent?: string,
  ): Promise<{ outcome: Outcome; accepted: Task[] }> {
    const [first] = tasks;
    const outcome = await this.ask(first, command, traceparent);
    const ids = 'upstreamTaskIds' in outcome ? outcome.upstreamTaskIds : null;
    const accepted = outcome.kind === 'unknown' ? [...tasks] : tasks.slice(0, ids?.length ?? 0);
    for (const [at, task] of tasks.entries()) {
      const part = ids === null ? outcome : partOf(outcome, ids[at]);
      const answer = task === first ? answerOf(outcome, accepted) : null;
      await this.take({ task, command, mayWait: false, source: 'sender', answerOf: () => answer }, part);
    }
    return { outcome, accepted };
  }

  private async ask(task: Task, command: SubmitCommand, traceparent?: string): Promise<Outcome> {
    const up = task.upstreamId === null ? null : this.pool.find(task.upstreamId);
    // Nobody would wait for the answer to what is sent after the grace.
    if (up === null || this.hasLeft) return { kind: 'nothing_done', fault: 'connect' };
    // This process stood still since the row was opened: others may have given the task up, so nothing may be sent.
    if (task.sendDeadline !== null && this.database.now() >= task.sendDeadline) {
      return { kind: 'unknown', fault: 'timeout' };
    }
    const context = { state: markOf(task.id), pushUrl: this.tokens.urlOf(task.id), traceparent };
    const outcome = await this.untilLeaving(this.adapter.submit(up, command, context));
    this.pool.noteAnswer(up.id, task, outcome);
    return outcome;
  }

  private async take(send: Send, outcome: Outcome): Promise<Outcome> {
    const before = { ...send.task };
    try {
      return await this.settleInLine(send, outcome);
    } catch (error) {
      Object.assign(send.task, before);
      if (isTakenUpstreamId(error)) return this.settleTaken(send, outcome);
      // What the upstream did is done, and its client must not do it again: the row still says "being sent".
      this.log.error({
        msg: 'an outcome could not be stored and will be looked up',
        ...of(before),
        cause: String(error),
      });
      return outcome;
    }
  }

  /** A new task waits only while its key has room in the line; else it is declined as if it had been full from the start. */
  private async settleInLine(send: Send, outcome: Outcome): Promise<Outcome> {
    const { task, command, mayWait, source } = send;
    const isNothing = outcome.kind === 'full' || outcome.kind === 'nothing_done';
    if (!isNothing || !mayWait || source !== 'sender' || task.upstreamTaskId !== null) {
      await this.settle(task, outcome, send);
      return outcome;
    }
    return this.queue.enter(task.apiKeyId, toInput(command).length, async (hasRoom) => {
      const settled: Outcome = hasRoom ? outcome : { kind: 'full' };
      await this.settle(task, settled, { ...send, mayWait: hasRoom });
      return settled;
    });
  }

  /** Another task has the id that the upstream answered: the same key's is followed, any other's is nobody's business. */
  private async settleTaken(send: Send, outcome: Outcome): Promise<Outcome> {
    const { task, source, answerOf } = send;
    const upstreamTaskId = answeredId(outcome) ?? '';
    const original = await this.tasks.findByUpstreamId(task.upstreamId ?? '', upstreamTaskId, task.apiKeyId);
    if (original === null) {
      this.log.warn({ msg: "the upstream answered with an id that another key's task has", ...of(task) });
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
    this.leaving.abort();
    setTimeout(() => {
      this.hasLeft = true;
      this.waits.forEach((leave) => leave());
    }, GRACE_MS).unref();
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
    const { sendAttempt, upstreamTaskId: known } = task;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const change = this.changeOf(task, outcome, send);
      if (change === null) return;
      const answer = send.answerOf(outcome, task);
      // What the dispatcher sends is kept already.
      const input = task.waiting && send.source === 'sender' ? toInput(send.command) : null;
      const isSaved = await this.patiently(task, () => this.tasks.settle(change, answer, input));
      // One whose upstream id is known is polled anyhow.
      if (isSaved === null && known === null && answeredId(outcome) !== null) {
        // Without the command: pictures are megabytes.
        const { source, mayWait, answerOf } = send;
        void this.settleLate({ id: task.id, apiKeyId: task.apiKeyId, sendAttempt }, outcome, {
          source,
          mayWait,
          answerOf,
        });
      }
      if (isSaved !== false) return;
      const fresh = await this.patiently(task, () => this.tasks.find(task.id, task.apiKeyId));
      if (fresh === null || fresh.sendAttempt !== sendAttempt) return;
      Object.assign(task, fresh);
    }
  }

  private changeOf(task: Task, outcome: Outcome, { source, mayWait }: Pick<Send, 'source' | 'mayWait'>): Change | null {
    const pace = { minMs: this.options.pollMinMs, random: Math.random };
    const timeoutMs = this.options.taskTimeoutMs[task.mode];
    return task.on({ kind: 'settled', source, outcome, pace, timeoutMs, mayWait }, this.database.now());
  }

  /** Goes on with an acceptance until Postgres is back: not every upstream can be asked for it by our mark. Never throws. */
  private async settleLate(
    { id, apiKeyId, sendAttempt }: Pick<Task, 'id' | 'apiKeyId' | 'sendAttempt'>,
    outcome: Outcome,
    send: Pick<Send, 'source' | 'mayWait' | 'answerOf'>,
  ): Promise<void> {
    for (let left = LATE_MS / LATE_PAUSE_MS; left > 0; left -= 1) {
      try {
        await sleep(LATE_PAUSE_MS, undefined, { ref: false, signal: this.leaving.signal });
        const task = await this.tasks.find(id, apiKeyId);
        const change = task?.sendAttempt === sendAttempt ? this.changeOf(task, outcome, send) : null;
        if (task === null || change === null) return;
        if (await this.tasks.settle(change, send.answerOf(outcome, task), null)) return;
      } catch (error) {
        if (this.leaving.signal.aborted) return;
        if (error instanceof DatabaseUnavailableError) continue;
        this.log.error({ msg: 'a late outcome could not be stored', taskId: id, cause: String(error) });
        return;
      }
    }
  }

  /** An answer that cannot be saved is not lost: the row still says "being sent", and the reconciler finds the task. */
  private async patiently<T>(task: Task, work: () => Promise<T>): Promise<T | null> {
    return patiently(work, () => {
      this.log.error({ msg: 'an outcome could not be saved and will be looked up', ...of(task) });
    });
  }
}

/** What every line about a task names. */
function of({ id, requestId }: Pick<Task, 'id' | 'requestId'>): { taskId: string; requestId: string } {
  return { taskId: id, requestId };
}

/** The share of one task in an answer that names several. */
function partOf(outcome: Outcome, upstreamTaskId: string | undefined): Outcome {
  if (upstreamTaskId === undefined) return { kind: 'refused', code: 9, words: 'The upstream made fewer of them' };
  return outcome.kind === 'queued'
    ? { kind: 'queued', upstreamTaskIds: [upstreamTaskId], ahead: outcome.ahead }
    : { kind: 'accepted', upstreamTaskIds: [upstreamTaskId] };
}
