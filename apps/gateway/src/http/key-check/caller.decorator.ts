import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '#libs/access';
import { MjError } from '../errors/mj-error.js';

/** The key that calls. @throws MjError `invalid_api_key` on a route that is declared public */
export function callerOf({ apiKey }: Pick<FastifyRequest, 'apiKey'>): ApiKey {
  if (apiKey === null) throw new MjError('invalid_api_key');
  return apiKey;
}

/** The same as a parameter of a handler. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): ApiKey =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
