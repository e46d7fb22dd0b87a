import { Injectable } from '@nestjs/common';
import { Database, DatabaseUnavailableError } from '#libs/database';
import { sendTimeoutMs, UpstreamCache, type Candidate, type Outcome, type SubmitCommand } from '#libs/upstream';
import { inputBytesOf, toInput } from '../task/stored-command.js';
import { SendSettler, type Send } from './send/send-settler.js';
import { SeriesOpener, type SeriesOpened } from './open/series-opener.js';
import type { NewTask } from '../task/new-task.js';
import { TaskSaver } from '../store/task-saver.js';
import { TaskSender } from './send/task-sender.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';

/** One of the jobs of a prompt. */
export interface Job {
  newTask: NewTask;
  command: SubmitCommand;
}

/** State of a series when its client is answered. */
export type SeriesSubmission =
  /**
   * The tasks that were not declined, in order. `ahead`: tasks served before the first, if none is sent yet; otherwise
   * null.
   */
  | { kind: 'taken'; tasks: Task[]; ahead: number | null }
  /** The upstream declined the first task, so none of the others was sent. */
  | { kind: 'declined'; task: Task; outcome: Outcome }
  | { kind: 'no_candidate' }
  | Exclude<SeriesOpened, { kind: 'opened' }>;

/**
 * Submits of prompts that are several jobs: a task for each job, of which all are opened or none. The first task is
 * sent alone, because the upstream's answer to the prompt is known then before the others follow: a declined prompt is
 * declined as a whole, once, and so is its Idempotency-Key.
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
        newTask: { ...newTask, upstreamKinds: this.kindsFor(newTask, command) },
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

  private kindsFor({ mode, action, upstreamKinds }: NewTask, command: SubmitCommand): string[] | null {
    return this.upstreams.kindsFor({ mode, action, command, kinds: upstreamKinds ?? null });
  }

  /** Upstreams that support all jobs: one statement opens all tasks from one list of candidates. */
  private candidatesFor(jobs: readonly [Job, ...Job[]]): Candidate[] {
    const [first, ...others] = jobs.map(({ newTask: { mode, action, upstreamKinds }, command }) =>
      this.upstreams.candidates({ mode, action, command, kinds: upstreamKinds ?? null }),
    );
    const shared = (first ?? []).filter(({ id }) => others.every((some) => some.some((other) => other.id === id)));
    return this.upstreams.available(shared, jobs[0].newTask);
  }

  /**
   * Sends the other tasks at once if the first was accepted and enough of the send time is left. Otherwise they are
   * released to the queue, where each gets a send time of its own.
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

  /**
   * Releases waiting tasks. Without this call they are released by `wait_until`, some seconds after the send of the
   * first must be over.
   */
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
    // The tasks are open and will run, so a failed count must not make the client submit again: `ahead` is 0 then.
    const ahead = isQueued ? await this.tasks.countAhead(first).catch(zeroInOutage) : null;
    return { kind: 'taken', tasks, ahead };
  }
}

/** A send of one task; the reply to the whole series is stored once all are sent. */
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
