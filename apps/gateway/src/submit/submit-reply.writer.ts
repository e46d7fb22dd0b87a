import { Injectable, Logger, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, mergeMap, type Observable } from 'rxjs';
import { DatabaseUnavailableError } from '#libs/database';
import { TaskRepository, TaskViews, TaskWatch } from '#libs/tracking';
import { isTerminal, parseTaskId, type TaskView } from '#libs/wire';
import { clientSignal } from '../http/client-signal.js';
import { preferredWait } from '../http/prefer.js';
import type { SubmitReplyDto } from './submit-reply.dto.js';
import type { SubmitAnswer } from './submit.service.js';

/**
 * Writes status and headers of a submit's answer; what stays is its body. With `Prefer: wait=N` the answer comes when the
 * task has ended, or after N seconds, and shows the task.
 */
@Injectable()
export class SubmitReplyWriter implements NestInterceptor<SubmitAnswer, SubmitReplyDto> {
  private readonly log = new Logger(SubmitReplyWriter.name);

  constructor(
    private readonly tasks: TaskRepository,
    private readonly watch: TaskWatch,
    private readonly views: TaskViews,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<SubmitAnswer>): Observable<SubmitReplyDto> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(mergeMap((answer) => from(this.write(request, reply, answer))));
  }

  private async write(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, retryAfter, replayed, body }: SubmitAnswer,
  ): Promise<SubmitReplyDto> {
    void reply.status(status);
    request.submitted.code = body.code;
    if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
    if (replayed) void reply.header('idempotent-replayed', 'true');
    const seconds = preferredWait(request.headers);
    const id = parseTaskId(body.result);
    if (seconds === null || id === null) return body;
    const task = await this.waitFor(id, seconds, request, reply);
    if (task === null) return body;
    void reply.header('preference-applied', `wait=${seconds}`);
    return { ...body, task };
  }

  /**
   * The task when it has ended or its window waits for the client, else as it stands after the wait. Null where it cannot
   * be waited for: what the submit came to is answered all the same.
   */
  private async waitFor(
    id: string,
    seconds: number,
    { apiKey, linkBase, id: requestId }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<TaskView | null> {
    const leave = apiKey === null ? null : this.watch.takeSeat(apiKey.id);
    if (apiKey === null || leave === null) return null;
    const signal = clientSignal(reply);
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
