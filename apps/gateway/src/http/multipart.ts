import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { MjError } from './mj-error.js';
import type { RouteAccess } from './route-access.js';

const FORM = /^multipart\/form-data/i;

/** Lets the routes that declare it read forms; everywhere else a form is refused before a byte of it is read. */
export function installMultipart(fastify: FastifyInstance): void {
  void fastify.register(multipart, { throwFileSizeLimit: true });
  fastify.addHook('preParsing', (request, _reply, body, done) => {
    const { multipart: isTaken } = request.routeOptions.config as RouteAccess;
    const isRefused = !request.is404 && isTaken !== true && FORM.test(request.headers['content-type'] ?? '');
    done(isRefused ? new MjError('media_type_not_supported') : null, body);
  });
}
