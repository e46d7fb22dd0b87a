import type { FastifyInstance } from 'fastify';
import { MjError } from '../errors/mj-error.js';
import type { RouteTable } from './route-table.js';

/**
 * Answers requests without a route, before a byte of their body is read: 405 with `Allow` where the path exists under another
 * method, else 404.
 */
export function installRouteMiss(
  fastify: FastifyInstance,
  { routes, hasAdmin }: { routes: RouteTable; hasAdmin: boolean },
): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (!request.is404) return done();
    const allowed = routes.allowedOn(request.url, hasAdmin);
    if (allowed !== null) void reply.header('allow', allowed);
    done(new MjError(allowed === null ? 'not_found' : 'method_not_allowed'));
  });
}
