import { Logger } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { lineOf } from '../http/request-line.js';

/** At these levels every request has a line; at the others none costs anything for it. */
const LEVELS: ReadonlySet<string> = new Set(['debug', 'trace']);

/** Writes a line for every answered request, at debug. */
export function installAccessLog(fastify: FastifyInstance, level: string): void {
  if (!LEVELS.has(level)) return;
  const log = new Logger('Access');
  fastify.addHook('onResponse', (request, { statusCode: status, elapsedTime }, done) => {
    log.debug({ ...lineOf(request), status, ms: Math.round(elapsedTime), address: request.ip });
    done();
  });
}
