import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { ApiKey } from '#libs/access';
import type { TaskAction, TaskMode } from '#libs/wire';
import { MjError } from '../http/errors/mj-error.js';
import { traceparentOf } from '../http/headers/trace-context.js';

/** The parts of a request that a submit needs besides its body. */
export interface SubmitCall {
  key: ApiKey;
  pathMode: TaskMode | null;
  linkBase: string;
  requestId: string;
  /** Path without its mode prefix. */
  route: string;
  headers: IncomingHttpHeaders;
  /** The client's W3C trace context, for the upstream. */
  traceparent?: string;
  /** Where status and headers of the answer are written. */
  reply: FastifyReply;
  /** Tells the metrics of this request its action and mode, also for submits that are refused later. */
  planned: (action: TaskAction, mode: TaskMode) => void;
}

/** The {@link SubmitCall} of the request. */
export const Call = createParamDecorator((_: unknown, context: ExecutionContext): SubmitCall => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const { apiKey, pathMode, linkBase } = request;
  if (apiKey === null) throw new MjError('invalid_api_key');
  return {
    key: apiKey,
    pathMode,
    linkBase,
    requestId: request.id,
    route: request.routeOptions.url ?? '',
    headers: request.headers,
    traceparent: traceparentOf(request.headers),
    reply: http.getResponse<FastifyReply>(),
    planned: (action, mode) => Object.assign(request.submitted, { action, mode }),
  };
});
