import { Injectable, Logger, OnModuleDestroy } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { DatabaseUnavailableError } from '#libs/database';
import { sleep } from '#libs/runtime';
import { isOperatorFault, type Outcome, type SubmitCommand } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import type { Change } from '../task/change.js';
import { inputBytesOf, toInput } from '../task/stored-command.js';
import { retryWhileUnavailable } from './retry-while-unavailable.js';
import { QueueAdmission } from './queue-admission.js';
import { answeredId } from '../task/rules/on-outcome.js';
import type { EventSource } from '../task/event.js';
import type { Task } from '../task/task.entity.js';
import { isTakenUpstreamId, TaskRepository } from '../store/task.repository.js';
import { outcomeByRow, outcomeWithoutRow } from './outcome-by-row.js';
import { FollowTerms } from '../follow-terms.js';

/** How long, and how often, an acceptance is still tried to be saved after its client was answered, ms. */
const LATE_MS = 600_000;
const LATE_PAUSE_MS = 1_000;
/** How often an answer is taken in anew because its row was changed in between. */
const MAX_ROUNDS = 3;

/** What is sent, and what follows from how it ends. */
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

/** How a send ended here. `mayResend`: its connection is closed, so nothing of it can arrive any more by our doing. */
export interface SendAnswer {
  outcome: Outcome;
  mayResend: boolean;
}

/** What it takes to take an answer in, without what was sent: pictures are megabytes. */
type Terms = Pick<Send, 'source' | 'mayWait' | 'answerOf'> & Pick<SendAnswer, 'mayResend'>;

/** Takes what a send came to into its task's row, whatever happens to row and database meanwhile. */
@Injectable()
export class SendSettler implements OnModuleDestroy {
  /** Part of a send to whoever reads the log. */
  private readonly log = new Logger('TaskSender');
  private readonly closing = new AbortController();

  constructor(
    private readonly tasks: TaskRepository,
    private readonly terms: FollowTerms,
    private readonly queue: QueueAdmission,
  ) {
    // Every acceptance that is saved late waits for it.
    setMaxListeners(0, this.closing.signal);
  }

  onModuleDestroy(): void {
    this.closing.abort();
  }

  /** The outcome that the row has. Never throws for what a database that is away does. */
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
      // What the upstream did is done, and its client must not do it again: the row still says "being sent".
      this.log.error({
        msg: 'an outcome could not be stored and will be looked up',
        ...of(before),
        cause: String(error),
      });
      return outcome;
    }
  }

  /** Whether what was sent may be kept for another send; what is kept already may. */
  private async mayKeep({ task, command, source }: Send): Promise<boolean> {
    return source !== 'sender' || task.retriesLeft > 0 || this.queue.mayKeep(task.apiKeyId, inputBytesOf(command));
  }

  /** A new task waits only while its key has room in the line; else it is declined as if it had been full from the start. */
  private async settleOrQueue(send: Send & Terms, outcome: Outcome): Promise<Outcome> {
    const { task, command, source } = send;
    const isNothing = outcome.kind === 'full' || outcome.kind === 'nothing_done';
    // Nobody else has what a follow-up goes on from, and the operator may take long to help: its client is reported at once.
    const isMisconfiguredFollowUp =
      outcome.kind === 'nothing_done' && isOperatorFault(outcome.fault) && task.parentId !== null;
    const mayWait = send.mayWait && !(isMisconfiguredFollowUp && source === 'sender');
    if (!isNothing || !mayWait || source !== 'sender' || task.upstreamTaskId !== null) {
      return this.settle(task, outcome, { ...send, mayWait });
    }
    return this.queue.admit(task.apiKeyId, toInput(command).length, async (isAdmitted) => {
      return this.settle(task, isAdmitted ? outcome : { kind: 'full' }, { ...send, mayWait: isAdmitted });
    });
  }

  /** Another task has the id that the upstream answered: the same key's is followed, any other's is nobody's business. */
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
   * Takes the answer in; where someone else has written the row meanwhile (a late look-up, another replica while this
   * process stood still), on top of what they wrote. Gives what the row has come to say.
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
      // One whose upstream id is known is polled anyhow.
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
    const modalPrompt = command?.kind === 'modal' ? command.prompt : undefined;
    const terms = { ...this.terms.of(task), mayWait, mayResend, modalPrompt };
    return task.on({ kind: 'settled', source, outcome, ...terms }, this.terms.now());
  }

  /** Goes on with an acceptance until Postgres is back: not every upstream can be asked for it by our mark. Never throws. */
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

  /** An answer that cannot be saved is not lost: the row still says "being sent", and the reconciler finds the task. */
  private async saveOrNull<T>(task: Task, work: () => Promise<T>): Promise<T | null> {
    return retryWhileUnavailable(work, () => {
      this.log.error({ msg: 'an outcome could not be saved and will be looked up', ...of(task) });
    });
  }
}

/** Whether what was sent is still needed, and not kept yet: what the dispatcher sends is, and what may be retried. */
function isToKeep({ waiting, sendEndedAt, upstreamTaskId, retriesLeft }: Task, source: EventSource): boolean {
  if (source !== 'sender' || retriesLeft > 0) return false;
  return waiting || (sendEndedAt !== null && upstreamTaskId === null);
}

/** What every line about a task names. */
function of({ id, requestId }: Pick<Task, 'id' | 'requestId'>): { taskId: string; requestId: string } {
  return { taskId: id, requestId };
}
