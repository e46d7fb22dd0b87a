import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { AuditNote } from '#libs/access';

/** The request, as the audit log names it. */
export type AdminCall = Pick<AuditNote, 'requestId' | 'route'>;

/** The request of a handler that changes data. */
export const Call = createParamDecorator((_: unknown, context: ExecutionContext): AdminCall => {
  const { id, method, routeOptions } = context.switchToHttp().getRequest<FastifyRequest>();
  return { requestId: id, route: `${method} ${routeOptions.url ?? ''}` };
});
