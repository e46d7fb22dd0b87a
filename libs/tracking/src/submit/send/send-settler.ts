import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { DatabaseUnavailableError } from '#libs/database';
import { sleep } from '#libs/runtime';
import { confirmedPromptOf, isOperatorFault, type Outcome, type SubmitCommand } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import { isBoundToUpstream } from '../../task/rules/bound-upstream.js';
import type { Change } from '../../task/change.js';
import { inputBytesOf, toInput } from '../../task/stored-command.js';
import { retryWhileUnavailable } from './retry-while-unavailable.js';
import { QueueAdmission } from '../open/queue-admission.js';
import { answeredId } from '../../task/rules/on-outcome.js';
import type { EventSource } from '../../task/event.js';
import type { Task } from '../../task/task.entity.js';
import { isTakenUpstreamId, TaskRepository } from '../../store/task.repository.js';
import { outcomeByRow, outcomeWithoutRow } from './outcome-by-row.js';
import { FollowTerms } from '../../follow-terms.js';

/** How long an acceptance is still retried after its client was answered, and the interval, ms. */
const LATE_MS = 600_000;
const LATE_PAUSE_MS = 1_000;
/** Most attempts to apply an answer to a row that is changed concurrently. */
const MAX_ROUNDS = 3;

/** A send: task, command, and what to do with the outcome. */
export interface Send {
  task: Task;
  command: SubmitCommand;
  /** Whether the task may wait for a free upstream when this one cannot take it. */
  mayWait: boolean;
  source: EventSource;
  /** Makes the reply for replays with the same Idempotency-Key; null: no reply is stored. */
  answerOf: (outcome: Outcome, task: Task) => object | null;
  /** Trace context of the client; a task that was stored meanwhile has none. */
  traceparent?: string;
}

/** How a send ended in this process. `mayResend`: the connection is closed, so no byte of the send can arrive later. */
export interface SendAnswer {
  outcome: Outcome;
  mayResend: boolean;
}

/** The part of a send that is needed to apply an answer, without the command: pictures are megabytes. */
type Terms = Pick<Send, 'source' | 'mayWait' | 'answerOf'> & Pick<SendAnswer, 'mayResend'>;

/** Applies the outcome of a send to the row of its task, through concurrent changes and outages of the database. */
@Injectable()
export class SendSettler implements OnModuleDestroy {
  /** Named TaskSender, because settling is part of the send to readers of the log. */
  private readonly log = new Logger('TaskSender');
  private readonly closing = new AbortController();

  constructor(
    private readonly tasks: TaskRepository,
    private readonly terms: FollowTerms,
    private readonly queue: QueueAdmission,
  ) {
    // Every late acceptance adds a listener.
    setMaxListeners(0, this.closing.signal);
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /** Applies an outcome. Does not throw when the database is unavailable. @returns the outcome that the row records */
  async take(send: Send, { outcome, mayResend }: SendAnswer): Promise<Outcome> {
    const { task } = send;
    const before = { ...task };
    const terms = { ...send, mayResend: mayResend && send.mayWait && task.resends < this.terms.options.maxResends };
    try {
      if (outcome.kind === 'unknown') terms.mayResend &&= await this.mayKeep(send);
      return await this.settleOrQueue(terms, outcome);
    } catch (error) {
      Object.assign(task, before);
      if (isTakenUpstreamId(error)) return this.settleDuplicateId(terms, outcome);
      // The upstream's work is done, and its client must not repeat the submit: the row still says "being sent".
      this.log.error({
        msg: 'an outcome could not be stored and will be looked up',
        ...of(before),
        cause: String(error),
      });
      return outcome;
    }
  }

  /** Whether the input may be stored for another attempt; stored input stays stored. */
  private async mayKeep({ task, command, source }: Send): Promise<boolean> {
    return source !== 'sender' || task.retriesLeft > 0 || this.queue.mayKeep(task.apiKeyId, inputBytesOf(command));
  }

  /**
   * Applies an outcome; a new task that has to wait is admitted to the queue of its key first, and declined as `full`
   * if the queue admits no more.
   */
  private async settleOrQueue(send: Send & Terms, outcome: Outcome): Promise<Outcome> {
    const { task, command, source } = send;
    const isNothingDone = outcome.kind === 'full' || outcome.kind === 'nothing_done';
    // Only this upstream has the parent of a follow-up, and its operator may take long to fix it: the client is
    // answered at once.
    const isMisconfiguredFollowUp =
      outcome.kind === 'nothing_done' && isOperatorFault(outcome.fault) && isBoundToUpstream(task);
    const mayWait = send.mayWait && !(isMisconfiguredFollowUp && source === 'sender');
    if (!isNothingDone || !mayWait || source !== 'sender' || task.upstreamTaskId !== null) {
      return this.settle(task, outcome, { ...send, mayWait });
    }
    return this.queue.admit(task.apiKeyId, toInput(command).length, async (isAdmitted) => {
      return this.settle(task, isAdmitted ? outcome : { kind: 'full' }, { ...send, mayWait: isAdmitted });
    });
  }

  /**
   * Handles an upstream id that another task already has: a task of the same key becomes the original of this one, a
   * task of another key declines this one.
   */
  private async settleDuplicateId(send: Send & Terms, outcome: Outcome): Promise<Outcome> {
    const { task, source, answerOf } = send;
    const upstreamTaskId = answeredId(outcome) ?? '';
    const original = await this.tasks.findByUpstreamId(task.upstreamId ?? '', upstreamTaskId, task.apiKeyId);
    if (original === null) {
      this.log.warn({ msg: "the upstream answered with an id that another key's task has", ...of(task) });
      return this.settle(task, { kind: 'refused', code: 9, words: '' }, send);
    }
    const exists: Outcome = { kind: 'exists', upstreamTaskId };
    const change = task.on({ kind: 'aliased', source, original }, this.terms.now());
    if (change !== null) await this.saveOrNull(task, () => this.tasks.settle(change, answerOf(exists, task), null));
    return exists;
  }

  /**
   * Applies the answer; if the row was changed concurrently (by a late look-up, or by another replica while this
   * process was suspended), on top of that change.
   * @returns the outcome that the row records
   */
  private async settle(task: Task, outcome: Outcome, send: Terms & Pick<Send, 'command'>): Promise<Outcome> {
    const { sendAttempt, upstreamTaskId: known } = task;
    const isConfirming = task.confirmedAt !== null;
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const reported = isTerminal(task.status) ? outcomeByRow(task, outcome, isConfirming) : outcome;
      const change = this.changeOf(task, outcome, send);
      if (change === null) break;
      const answer = send.answerOf(reported, task);
      const input = isToKeep(task, send.source) ? toInput(send.command) : null;
      const isSaved = await this.saveOrNull(task, () => this.tasks.settle(change, answer, input));
      // A task whose upstream id is known is polled without this save.
      if (isSaved === null && known === null && answeredId(outcome) !== null) {
        const { source, mayWait, mayResend, answerOf } = send;
        void this.settleLate({ id: task.id, apiKeyId: task.apiKeyId, sendAttempt }, outcome, {
          source,
          mayWait,
          mayResend,
          answerOf,
        });
      }
      if (isSaved !== false) return reported;
      const read = await this.saveOrNull(task, async () => ({ row: await this.tasks.find(task.id, task.apiKeyId) }));
      if (read === null) return reported;
      if (read.row === null) {
        task.refused = true;
        return outcomeWithoutRow(outcome);
      }
      Object.assign(task, read.row);
      if (task.sendAttempt !== sendAttempt) break;
    }
    return outcomeByRow(task, outcome, isConfirming);
  }

  private changeOf(
    task: Task,
    outcome: Outcome,
    { source, mayWait, mayResend, command }: Terms & Partial<Pick<Send, 'command'>>,
  ): Change | null {
    const modalPrompt = command === undefined ? undefined : confirmedPromptOf(command);
    const terms = { ...this.terms.of(task), mayWait, mayResend, modalPrompt };
    return task.on({ kind: 'settled', source, outcome, ...terms }, this.terms.now());
  }

  /**
   * Retries to save an acceptance until Postgres is back, because not every upstream can be searched by correlation id.
   * Never throws.
   */
  private async settleLate(
    { id, apiKeyId, sendAttempt }: Pick<Task, 'id' | 'apiKeyId' | 'sendAttempt'>,
    outcome: Outcome,
    terms: Terms,
  ): Promise<void> {
    for (let left = LATE_MS / LATE_PAUSE_MS; left > 0; left -= 1) {
      try {
        if (!(await sleep(LATE_PAUSE_MS, this.closing.signal, { ref: false }))) return;
        const task = await this.tasks.find(id, apiKeyId);
        const change = task?.sendAttempt === sendAttempt ? this.changeOf(task, outcome, terms) : null;
        if (task === null || change === null) return;
        if (await this.tasks.settle(change, terms.answerOf(outcome, task), null)) return;
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) continue;
        this.log.error({ msg: 'a late outcome could not be stored', taskId: id, cause: String(error) });
        return;
      }
    }
  }

  /**
   * Runs `work`, retried while Postgres is unavailable; null when that takes too long. The outcome is not lost then:
   * the row still says "being sent", and the reconciler looks the task up.
   */
  private async saveOrNull<T>(task: Task, work: () => Promise<T>): Promise<T | null> {
    return retryWhileUnavailable(work, () => {
      this.log.error({ msg: 'an outcome could not be saved and will be looked up', ...of(task) });
    });
  }
}

/**
 * Whether the input is still needed and not stored yet; inputs of the dispatcher and of tasks with retries are stored
 * already.
 */
function isToKeep({ waiting, sendEndedAt, upstreamTaskId, retriesLeft }: Task, source: EventSource): boolean {
  if (source !== 'sender' || retriesLeft > 0) return false;
  return waiting || (sendEndedAt !== null && upstreamTaskId === null);
}

/** The fields that every log line about a task has. */
function of({ id, requestId }: Pick<Task, 'id' | 'requestId'>): { taskId: string; requestId: string } {
  return { taskId: id, requestId };
}
