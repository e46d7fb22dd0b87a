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
 * Makes replies to submits as SUBMIT_CODES says, and writes them: status and headers, of which it gives the body. No
 * interceptor: what those do with streams of answers was a tenth of a submit.
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

  /** What says that nothing was opened, and why. */
  refusalOf(submission: Unopened): Reply | MjError {
    switch (submission.kind) {
      case 'quota':
        return new MjError('quota_not_enough');
      case 'busy':
        return this.of(submission);
      // Whoever holds the key, or does the same work, ended just now.
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
   * With `Prefer: wait=N` only when the task has ended, or after N seconds, with the task as it stands then: what the submit
   * came to is done. @throws MjError where the key may not have the answer any more
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
   * The task when it has ended or its window waits for the client, else as it stands after the wait. Null where it cannot
   * be waited for: what the submit came to is answered all the same.
   */
  private async waitFor(id: string, seconds: number, reply: FastifyReply): Promise<TaskView | null> {
    const { apiKey, linkBase, life, id: requestId } = reply.request;
    const leave = apiKey === null ? null : this.watch.takeSeat(apiKey.id);
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
