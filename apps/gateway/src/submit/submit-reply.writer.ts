import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { SubmitReplyDto } from './submit-reply.dto.js';
import type { SubmitAnswer } from './submit.service.js';

/** Writes status and headers of a submit's answer; what stays is its body. */
@Injectable()
export class SubmitReplyWriter implements NestInterceptor<SubmitAnswer, SubmitReplyDto> {
  intercept(context: ExecutionContext, next: CallHandler<SubmitAnswer>): Observable<SubmitReplyDto> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ status, retryAfter, replayed, body }) => {
        void reply.status(status);
        if (retryAfter !== null) void reply.header('retry-after', String(retryAfter));
        if (replayed) void reply.header('idempotent-replayed', 'true');
        return body;
      }),
    );
  }
}
