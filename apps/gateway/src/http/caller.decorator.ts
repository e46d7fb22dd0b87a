import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '#libs/access';
import { MjError } from './mj-error.js';

/** The key that calls. @throws MjError `invalid_api_key` on a route that is declared public */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): ApiKey => {
  const { apiKey } = context.switchToHttp().getRequest<FastifyRequest>();
  if (apiKey === null) throw new MjError('invalid_api_key');
  return apiKey;
});
