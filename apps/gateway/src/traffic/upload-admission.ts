import type { FastifyInstance, FastifyRequest } from 'fastify';
import { contentCodings } from '../http/request-body/content-encoding.js';
import { MjError } from '../http/errors/mj-error.js';
import { BODY_LIMIT, type RouteAccess } from '../http/routes/route-access.js';
import type { UploadBudget } from './upload-budget.js';

/**
 * Makes large bodies wait for their budget before they are read or asked for, and answers 408 where one comes too slowly. To be
 * installed after the key check, so that a request without a key takes no budget.
 */
export function installUploadAdmission(fastify: FastifyInstance, uploads: UploadBudget): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!hasBody(request)) return done();
    request.life.onSlowBody(() => {
      if (reply.sent) return request.life.cut('body');
      void reply.header('connection', 'close').send(new MjError('request_timeout'));
    });
    if (!isLarge(request)) return done();
    uploads.acquire(request).then(() => done(), done);
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

/** Whether the body may be large, by its route and by what it says of itself. */
function isLarge(request: FastifyRequest): boolean {
  const { bodyLimit = BODY_LIMIT.plain } = request.routeOptions.config as RouteAccess;
  if (bodyLimit <= BODY_LIMIT.plain) return false;
  const bytes = Number(request.headers['content-length'] ?? Infinity);
  // A body that declares itself too large is refused without waiting for a budget.
  return bytes > BODY_LIMIT.plain ? !(bytes > bodyLimit && bytes < Infinity) : contentCodings(request).length > 0;
}
