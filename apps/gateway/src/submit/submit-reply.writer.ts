import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DatabaseUnavailableError } from '#libs/database';
import { PublicTasks, TaskViews, TaskWatch } from '#libs/tracking';
import { isTerminal, parseTaskId, type TaskView } from '#libs/wire';
import { preferredWait } from '../http/headers/prefer.js';
import type { SubmitCall } from './submit-call.js';
import type { SubmitAnswer } from './submit-reply.js';
import type { SubmitReplyDto } from './dto/submit-reply.dto.js';

/**
 * Writes status and headers of a submit's answer, and gives its body. No interceptor: what those do with streams of
 * answers was a tenth of a submit.
 */
@Injectable()
export class SubmitReplyWriter {
  private readonly log = new Logger(SubmitReplyWriter.name);

  constructor(
    private readonly tasks: PublicTasks,
    private readonly watch: TaskWatch,
    private readonly views: TaskViews,
  ) {}

  /**
   * With `Prefer: wait=N` only when the task has ended, or after N seconds, with the task as it stands then: what the submit
   * came to is done. @throws MjError where the key may not have the answer any more
   */
  async write({ reply }: SubmitCall, { status, retryAfter, replayed, body }: SubmitAnswer): Promise<SubmitReplyDto> {
    const { request } = reply;
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
