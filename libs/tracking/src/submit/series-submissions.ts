import { Injectable } from '@nestjs/common';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { sendTimeoutMs, UpstreamCache, type Candidate, type Outcome, type SubmitCommand } from '#libs/upstream';
import { inputBytesOf, toInput } from '../task/stored-command.js';
import { SendSettler, type Send } from './send-settler.js';
import { SeriesOpener, type SeriesOpened } from './series-opener.js';
import type { NewTask } from '../task/new-task.js';
import { TaskSaver } from '../store/task-saver.js';
import { TaskSender } from './task-sender.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** One of the jobs of a prompt. */
export interface Job {
  newTask: NewTask;
  command: SubmitCommand;
}

/** How a series stands when its client is answered. */
export type SeriesSubmission =
  /** All that were not declined, in order. `ahead`: tasks served before the first, where none is sent yet; else null. */
  | { kind: 'taken'; tasks: Task[]; ahead: number | null }
  /** Its upstream declined the first, so that none of the others was sent. */
  | { kind: 'declined'; task: Task; outcome: Outcome }
  | { kind: 'no_candidate' }
  | Exclude<SeriesOpened, { kind: 'opened' }>;

/**
 * Submits of prompts that are several jobs: a task for each, of which all are opened or none. The first is sent alone: what
 * its upstream thinks of the prompt is known before the others follow, so that a prompt that is declined is declined as a
 * whole, once, and its Idempotency-Key with it.
 */
@Injectable()
export class SeriesSubmissions {
  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly opener: SeriesOpener,
    private readonly sender: TaskSender,
    private readonly settler: SendSettler,
    private readonly saver: TaskSaver,
    private readonly tasks: TaskRepository,
    private readonly database: Database,
  ) {}

  /** @throws DatabaseUnavailableError before anything was sent */
  async submit(jobs: readonly [Job, ...Job[]], traceparent?: string): Promise<SeriesSubmission> {
    const candidates = this.candidatesFor(jobs);
    if (candidates.length === 0) return { kind: 'no_candidate' };
    const timeoutMs = sendTimeoutMs(jobs[0].command.kind, this.upstreams.longestSubmitMs(candidates));
    const opened = await this.opener.open({
      parts: jobs.map(({ newTask, command }) => ({
        newTask,
        input: () => toInput(command),
        inputBytes: inputBytesOf(command),
      })),
      candidates: candidates.filter(({ id }) => this.upstreams.isUsable(id)),
      sendTimeoutMs: timeoutMs,
    });
    if (opened.kind !== 'opened') return opened;
    const sends = opened.tasks.map((task, at) => sendOf(task, jobs[at] ?? jobs[0], traceparent));
    const [first, ...others] = sends;
    if (first === undefined || first.task.waiting) return this.taken(sends);
    const outcome = await this.sender.send(first);
    if (first.task.refused) {
      await this.giveUp(others, outcome);
      return { kind: 'declined', task: first.task, outcome };
    }
    await this.follow(first, others, outcome, timeoutMs / 2);
    return this.taken(sends);
  }

  /** Upstreams that do all of them: one statement opens them, from one list. */
  private candidatesFor(jobs: readonly [Job, ...Job[]]): Candidate[] {
    const [first, ...others] = jobs.map(({ newTask }) => this.upstreams.candidates(newTask.mode, newTask.action));
    const shared = (first ?? []).filter(({ id }) => others.every((some) => some.some((other) => other.id === id)));
    return this.upstreams.available(shared, jobs[0].newTask);
  }

  /**
   * Sends the others at once where the first was taken, and there is still time for it. Else they wait like it: each has time of
   * its own then.
   */
  private async follow(first: Send, others: readonly Send[], outcome: Outcome, leastMs: number): Promise<void> {
    const isTaken = !first.task.waiting && outcome.kind !== 'unknown';
    const waiting = others.filter(({ task }) => task.waiting);
    const sent = others
      .filter(({ task }) => !task.waiting)
      .map((send) =>
        isTaken && this.leftMs(send.task) > leastMs
          ? this.sender.send(send)
          : this.settler.take(send, { outcome: { kind: 'full' }, mayResend: false }),
      );
    await Promise.all([this.release(waiting.map(({ task }) => task.id)), ...sent]);
  }

  private leftMs({ sendDeadline }: Task): number {
    return (sendDeadline?.getTime() ?? 0) - this.database.now().getTime();
  }

  /** They are let go by themselves some seconds after the send of the first has to be over. */
  private async release(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.tasks.releaseSeries(ids).catch(ignoreOutage);
  }

  private async giveUp(sends: readonly Send[], outcome: Outcome): Promise<void> {
    const now = this.database.now();
    const changes = sends.map(({ task }) => task.on({ kind: 'given_up', source: 'sender', outcome }, now));
    await this.saver.save(changes.filter((change) => change !== null));
  }

  private async taken(sends: readonly Send[]): Promise<SeriesSubmission> {
    const tasks = sends.map(({ task }) => task).filter(({ refused }) => !refused);
    const [first] = tasks;
    const isQueued = first !== undefined && tasks.every(({ waiting }) => waiting);
    // They are opened and will run: a count that cannot be had must not make their client send them again.
    const ahead = isQueued ? await this.tasks.countAhead(first).catch(zeroInOutage) : null;
    return { kind: 'taken', tasks, ahead };
  }
}

/** The answer to the whole is kept once all are sent. */
function sendOf(task: Task, { command }: Job, traceparent?: string): Send {
  return { task, command, mayWait: true, source: 'sender', answerOf: () => null, traceparent };
}

function ignoreOutage(error: unknown): void {
  if (!(error instanceof DatabaseUnavailableError)) throw error;
}

function zeroInOutage(error: unknown): number {
  ignoreOutage(error);
  return 0;
}
