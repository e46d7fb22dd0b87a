import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isCancelled, isUnavailable } from '#libs/database';
import { PermitRefusedError } from '#libs/runtime';
import { type LocalErrorName } from '#libs/wire';
import { errorBody, MjError, SaturatedError } from './mj-error.js';
import { problemBody, type Problem } from './problem.js';
import { isSubmit } from '../routes/route-access.js';
import { lineOf } from '../headers/request-line.js';
import { toProblem } from './to-problem.js';
import { RETRY_AFTER } from './retry-after.js';

/**
 * The only place that writes errors: JSON with `code`, `description` and `result`, or problems (RFC 9457) for the admin API.
 * No text of a driver reaches an answer.
 */
@Catch()
export class MjErrorFilter implements ExceptionFilter {
  private readonly log = new Logger('Http');

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (request.isAdmin) return this.writeProblem(exception, request, reply);
    const error = toMjError(exception, request);
    this.report(error, exception, request);
    if (reply.sent) return;
    if (error.extras.retryAfter !== undefined) reply.header('retry-after', String(error.extras.retryAfter));
    void reply
      .status(error.status)
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(error instanceof SaturatedError ? error.body() : errorBody(error.code, error.extras.properties));
  }

  private writeProblem(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblem(exception);
    this.report(problem, exception, request);
    if (reply.sent) return;
    const { retryAfter } = problem.extras;
    if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
    void reply
      .status(problem.status)
      .headers({
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      .send(problemBody(problem, request.url.split('?', 1)[0] ?? '', request.id));
  }

  private report({ code, status, extras }: MjError | Problem, exception: unknown, request: FastifyRequest): void {
    // An error with `Retry-After` comes from a state (Postgres away, a circuit open, overload) that is logged where it begins.
    if (status < 500 || (code !== 'internal_error' && extras.retryAfter !== undefined)) return;
    const line = { ...lineOf(request), error: code };
    if (code !== 'internal_error') return this.log.warn(line);
    const cause = exception instanceof Error ? (exception.stack ?? exception.message) : String(exception);
    this.log.error({ ...line, cause });
  }
}

/** Failures of the HTTP layer, by the code Fastify gives them. */
const FASTIFY_ERRORS: Record<string, LocalErrorName> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_not_supported',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bind_request_body_failed',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bind_request_body_failed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bind_request_body_failed',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_NOT_FOUND: 'not_found',
};

const BY_STATUS: Record<number, LocalErrorName> = {
  401: 'invalid_api_key',
  // @fastify/static answers so for a path with `..`.
  403: 'not_found',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'request_body_too_large',
  415: 'media_type_not_supported',
};

function toMjError(exception: unknown, request: FastifyRequest): MjError {
  if (exception instanceof MjError) return exception;
  if (exception instanceof PermitRefusedError) {
    if (exception.reason === 'key') return new SaturatedError(RETRY_AFTER.permit);
    return new MjError('overloaded', { retryAfter: RETRY_AFTER.permit });
  }
  // A statement of a submit that timed out waited for a lock: to its client the database is away, and a retry may succeed.
  if (isCancelled(exception) && !isSubmit(request)) {
    return new MjError('took_too_long', { retryAfter: RETRY_AFTER.database });
  }
  if (isUnavailable(exception)) return new MjError('database_unavailable', { retryAfter: RETRY_AFTER.database });
  const code = typeof exception === 'object' && exception !== null && 'code' in exception ? exception.code : undefined;
  const named = typeof code === 'string' ? FASTIFY_ERRORS[code] : undefined;
  if (named !== undefined) return new MjError(named);
  const status = statusOf(exception);
  if (status !== null && status >= 400 && status < 500)
    return new MjError(BY_STATUS[status] ?? 'bind_request_body_failed');
  return new MjError('internal_error');
}

function statusOf(exception: unknown): number | null {
  if (exception instanceof HttpException) return exception.getStatus();
  // Under jest, errors of Node's own modules are no instances of this context's Error.
  const isTold = typeof exception === 'object' && exception !== null && 'statusCode' in exception;
  return isTold && typeof exception.statusCode === 'number' ? exception.statusCode : null;
}
