import { Injectable } from '@nestjs/common';
import { DatabaseUnavailableError } from '#libs/database';
import {
  sendTimeoutMs,
  UpstreamCache,
  type Candidate,
  type Outcome,
  type SubmitCommand,
  type WantedWork,
} from '#libs/upstream';
import { inputBytesOf, toInput } from '../task/stored-command.js';
import type { NewTask } from '../task/new-task.js';
import type { Opened } from '../store/open-verdict.js';
import { TaskOpener } from './open/task-opener.js';
import { TaskSender } from './send/task-sender.js';
import type { Task } from '../task/task.entity.js';
import { TaskRepository } from '../store/task.repository.js';
import { ModalConfirmer, type ModalTerms } from './modal-confirmer.js';

/** A submit of one task. */
export interface SubmissionRequest {
  newTask: NewTask;
  command: SubmitCommand;
  /** Makes the reply for replays with the same Idempotency-Key. */
  answerOf: (outcome: Outcome, task: Task) => object | null;
  /** Trace context of the client, passed on to the upstream. */
  traceparent?: string;
}

/** State of a submit when the client is answered. */
export type Submission =
  | { kind: 'sent'; task: Task; outcome: Outcome }
  /** No upstream was free; `ahead` tasks are served before this one. */
  | { kind: 'waiting'; task: Task; ahead: number }
  /** No enabled upstream supports this mode and action. */
  | { kind: 'no_candidate' }
  | Exclude<Opened, { kind: 'opened' } | { kind: 'waiting' }>;

/** A submit from end to end: opens the task (one statement), sends it, and settles the answer (one statement). */
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
    // A task that ends with the answer to its submit cannot be retried.
    const newTask: NewTask = {
      ...wanted,
      retries: mayWait(command) ? wanted.retries : 0,
      // A follow-up waits for the upstream of its parent alone.
      upstreamKinds:
        wanted.upstreamId === null ? this.upstreams.kindsFor(workOf(wanted, command)) : (wanted.upstreamKinds ?? null),
    };
    const candidates = this.candidatesFor(wanted, command);
    if (candidates.length === 0) return { kind: 'no_candidate' };
    // If the circuit of every candidate is open, the task waits.
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
   * Confirms a modal and sends the confirmation. `gone`: the modal was confirmed before, or ended. `incomplete`: it stays open,
   * because its upstream needs something else in this field.
   * @throws DatabaseUnavailableError before anything was sent
   */
  async confirm(
    modal: Task,
    terms: ModalTerms,
    command: SubmitCommand,
    traceparent?: string,
  ): Promise<Submission | { kind: 'gone' } | { kind: 'incomplete'; field: 'mask' | 'prompt' }> {
    const up = this.upstreams.find(modal.upstreamId ?? '');
    const lack = up === null ? null : this.upstreams.unsupported(up, { ...modal, command });
    if (lack !== null) {
      const isClients = lack.what === 'inputs' && (lack.name === 'mask' || lack.name === 'prompt');
      return isClients ? { kind: 'incomplete', field: lack.name as 'mask' | 'prompt' } : { kind: 'no_candidate' };
    }
    const sendMs = this.upstreams.longestSubmitMs(modal.upstreamId === null ? [] : [{ id: modal.upstreamId }]);
    const confirmed = await this.confirmer.confirm(modal, terms, command, sendMs);
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

  /**
   * The upstreams that can do the work, of the kinds that its key accepts: of a follow-up, its parent's alone, whatever modes
   * and actions its operator set.
   */
  private candidatesFor(wanted: NewTask, command: SubmitCommand): Candidate[] {
    const { upstreamId, upstreamKinds } = wanted;
    if (upstreamId === null) return this.upstreams.candidates(workOf(wanted, command));
    const up = this.upstreams.find(upstreamId);
    const isAccepted = up === null || (upstreamKinds?.includes(up.kind) ?? true);
    const isAble = up === null || this.upstreams.unsupported(up, { ...wanted, command }) === null;
    return isAccepted && isAble ? [{ id: upstreamId, priority: 0, weight: 1 }] : [];
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

  /** The task is open and will run, so a failed count must not make the client submit again: `ahead` is 0 then. */
  private async waiting(task: Task): Promise<Submission> {
    const ahead = await this.tasks.countAhead(task).catch((error: unknown) => {
      if (error instanceof DatabaseUnavailableError) return 0;
      throw error;
    });
    return { kind: 'waiting', task, ahead };
  }
}

function workOf({ mode, action, upstreamKinds }: NewTask, command: SubmitCommand): WantedWork {
  return { mode, action, command, kinds: upstreamKinds ?? null };
}

/** An upload is answered with its links, so its client cannot come back for them later. */
function mayWait({ kind }: SubmitCommand): boolean {
  return kind !== 'upload';
}
