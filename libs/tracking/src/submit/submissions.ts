import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import { sendTimeoutMs, UpstreamCache, type Outcome, type SubmitCommand } from '#libs/upstream';
import { inputBytesOf, toInput } from '../task/stored-command.js';
import type { NewTask } from '../task/new-task.js';
import type { Opened } from '../store/open-verdict.js';
import { TaskOpener } from './task-opener.js';
import { TaskSender } from './task-sender.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';
import { ModalConfirmer, type ModalTerms } from './modal-confirmer.js';

/** Work that a client wants done. */
export interface SubmissionRequest {
  newTask: NewTask;
  command: SubmitCommand;
  /** What a replay with the same Idempotency-Key is answered. */
  answerOf: (outcome: Outcome, task: Task) => object | null;
  /** The client's trace context, for the upstream. */
  traceparent?: string;
}

/** How a submission stands when the client is answered. */
export type Submission =
  | { kind: 'sent'; task: Task; outcome: Outcome }
  /** No upstream was free; `ahead` tasks are served before it. */
  | { kind: 'waiting'; task: Task; ahead: number }
  /** No enabled upstream takes this mode and action at all. */
  | { kind: 'no_candidate' }
  | Exclude<Opened, { kind: 'opened' } | { kind: 'waiting' }>;

/** A submit from end to end: open the task (one statement), send it, take the answer in (one statement). */
@Injectable()
export class Submissions {
  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly opener: TaskOpener,
    private readonly sender: TaskSender,
    private readonly confirmer: ModalConfirmer,
    private readonly tasks: TaskRepository,
  ) {}

  /** @throws DatabaseUnavailableError before anything was sent */
  async submit({ newTask: wanted, command, answerOf, traceparent }: SubmissionRequest): Promise<Submission> {
    // What ends with its answer has nothing to try again.
    const newTask = mayWait(command) ? wanted : { ...wanted, retries: 0 };
    const candidates =
      newTask.upstreamId === null
        ? this.upstreams.candidates(newTask.mode, newTask.action)
        : [{ id: newTask.upstreamId, priority: 0, weight: 1 }];
    if (candidates.length === 0) return { kind: 'no_candidate' };
    // Where the circuit of every one is open, it waits.
    const usable = this.upstreams.available(
      candidates.filter(({ id }) => this.upstreams.isUsable(id)),
      newTask,
    );
    const opened = await this.opener.open({
      newTask,
      candidates: usable,
      mayWait: mayWait(command),
      sendTimeoutMs: sendTimeoutMs(command.kind, this.upstreams.longestSubmitMs(usable)),
      input: () => toInput(command),
      inputBytes: inputBytesOf(command),
    });
    switch (opened.kind) {
      case 'opened':
        return this.send(opened.task, command, answerOf, traceparent);
      case 'waiting':
        return this.waiting(opened.task);
      case 'quota':
      case 'busy':
      case 'queue_full':
      case 'full':
      case 'replay':
      case 'repeat':
        return opened;
    }
  }

  /**
   * Confirms a window and sends what its client put into it. `gone`: it was confirmed before, or ended.
   * @throws DatabaseUnavailableError before anything was sent
   */
  async confirm(
    window: Task,
    terms: ModalTerms,
    command: SubmitCommand,
    traceparent?: string,
  ): Promise<Submission | { kind: 'gone' }> {
    const sendMs = this.upstreams.longestSubmitMs(window.upstreamId === null ? [] : [{ id: window.upstreamId }]);
    const confirmed = await this.confirmer.confirm(window, terms, command, sendMs);
    switch (confirmed.kind) {
      case 'opened':
        return this.send(confirmed.task, command, () => null, traceparent);
      case 'waiting':
        return this.waiting(confirmed.task);
      case 'gone':
      case 'quota':
      case 'busy':
      case 'queue_full':
        return confirmed;
    }
  }

  private async send(
    task: Task,
    command: SubmitCommand,
    answerOf: SubmissionRequest['answerOf'],
    traceparent?: string,
  ): Promise<Submission> {
    const outcome = await this.sender.send({
      task,
      command,
      mayWait: mayWait(command),
      source: 'sender',
      answerOf,
      traceparent,
    });
    return task.waiting ? this.waiting(task) : { kind: 'sent', task, outcome };
  }

  /** The task is opened and will run: a count that cannot be had must not make its client send it again. */
  private async waiting(task: Task): Promise<Submission> {
    const ahead = await this.tasks.countAhead(task).catch((error: unknown) => {
      if (error instanceof DatabaseUnavailableError) return 0;
      throw error;
    });
    return { kind: 'waiting', task, ahead };
  }
}

/** An upload is answered with its links, so its client cannot be told to come back for them. */
function mayWait({ kind }: SubmitCommand): boolean {
  return kind !== 'upload';
}
