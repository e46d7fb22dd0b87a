import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DatabaseUnavailableError } from '#libs/database';
import { HookDispatcher } from '#libs/hooks';
import { PublicTasks, TaskViews, TaskWatch, type Submission } from '#libs/tracking';
import { isTerminal, parseTaskId, type TaskView } from '#libs/wire';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { MjError } from '../http/errors/mj-error.js';
import { preferredWait } from '../http/headers/prefer.js';
import type { SubmitCall } from './submit-call.js';
import { toReply, type Reply, type SubmitAnswer, type SubmitResult, type TakenTask } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';

/** A submission that opened no task. */
export type Unopened = Exclude<Submission, { kind: 'sent' } | { kind: 'waiting' }>;

const submitLog = new Logger('Submit');

/**
 * Makes replies to submits in the style of SUBMIT_CODES, and writes their status and headers. Not an interceptor: Nest's
 * observables took a tenth of the CPU of a submit.
 */
@Injectable()
export class SubmitReplies {
  private readonly log = new Logger(SubmitReplies.name);

  constructor(
    private readonly tasks: PublicTasks,
    private readonly watch: TaskWatch,
    private readonly views: TaskViews,
    private readonly hooks: HookDispatcher,
    @Inject(ENVIRONMENT) private readonly environment: Pick<Environment, 'SUBMIT_CODES'>,
  ) {}

  of(result: SubmitResult): Reply {
    return toReply(result, this.environment.SUBMIT_CODES);
  }

  /** The refusal that says why no task was opened. */
  refusalOf(submission: Unopened): Reply | MjError {
    switch (submission.kind) {
      case 'quota':
        return new MjError('quota_not_enough');
      case 'busy':
        return this.of(submission);
      // The task that held the Idempotency-Key, or did the same work, ended just now: a retry is opened.
      case 'replay':
      case 'repeat':
        return this.of({ kind: 'busy' });
      case 'queue_full':
      case 'full':
        return this.of({ kind: 'queue_full' });
      case 'no_candidate':
        return this.of({ kind: 'no_account' });
    }
  }

  /**
   * Writes the answer and gives its body. With `Prefer: wait=N` it waits until the task has ended, N seconds at most, and adds the
   * task as it stands then. @throws MjError where the key was revoked during the wait
   */
  async write(call: SubmitCall, { status, retryAfter, replayed, body, taken }: SubmitAnswer): Promise<SubmitReplyDto> {
    const { reply } = call;
    const { request } = reply;
    this.follow(call, taken);
    void reply.status(status);
    request.submitted.code = body.code;
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
    if (replayed) void reply.header('idempotent-replayed', 'true');
    const seconds = preferredWait(request.headers);
    const id = parseTaskId(body.result);
    if (seconds === null || id === null) return body;
    const task = await this.waitFor(id, seconds, reply);
    if (request.life.refusal !== null) throw request.life.refusal;
    if (task === null) return body;
    void reply.header('preference-applied', `wait=${seconds}`);
    return { ...body, task };
  }

  /** Receivers look the id up, so the first hook of a task follows the answer that names it. */
  private follow({ key, requestId, reply }: SubmitCall, taken: readonly TakenTask[]): void {
    for (const { id, action } of taken)
      submitLog.log({ msg: 'submit taken', requestId, taskId: id, keyName: key.name, action });
    const hooked = taken.filter(({ notifyHook }) => notifyHook !== null).map(({ id }) => id);
    if (hooked.length > 0) reply.request.life.onEnd(() => this.hooks.release(hooked));
  }

  /**
   * The task once it has ended or its modal waits for the client, else as it stands after the wait; null where it cannot be
   * waited for: the answer then goes without it.
   */
  private async waitFor(id: string, seconds: number, reply: FastifyReply): Promise<TaskView | null> {
    const { apiKey, linkBase, life, id: requestId } = reply.request;
    const leave = apiKey === null ? null : this.watch.acquirePermit(apiKey.id);
    if (apiKey === null || leave === null) return null;
    life.onEnd(leave);
    const { signal } = life;
    try {
      const task = await this.tasks.find(id, apiKey.id);
      if (task === null) return null;
      if (isTerminal(task.status) || task.status === 'MODAL') return this.views.of(task, linkBase);
      await this.watch.wait({ id, version: task.version, for: 'end', ms: seconds * 1_000, signal });
      const last = signal.aborted ? task : await this.tasks.find(id, apiKey.id);
      return last === null ? null : this.views.of(last, linkBase);
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError))
        this.log.warn({ msg: 'a task could not be waited for', taskId: id, requestId, cause: String(error) });
      return null;
    } finally {
      leave();
    }
  }
}
