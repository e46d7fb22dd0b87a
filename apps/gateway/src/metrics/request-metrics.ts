import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from './metrics.service.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a submit: what it was for and how it was answered, as far as that is known. */
    submitted: SubmitFacts;
  }
}

interface SubmitFacts {
  code?: number;
  action?: string;
  mode?: string;
}

const SUBMIT = /^\/mj\/(?:submit|insight-face)\//;
const PICTURE = /^\/mj\/(?:image|video)\//;

/**
 * Counts every answer by its registered route, so that labels stay few whatever clients send. To be installed before
 * anything that can refuse a request.
 */
export function installRequestMetrics(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.decorateRequest('submitted');
  fastify.addHook('onRequest', (request, _reply, done) => {
    request.submitted = {};
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const status = `${Math.floor(reply.statusCode / 100)}xx`;
    metrics.requestSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
    if (SUBMIT.test(route)) countSubmit(request, metrics);
    else if (PICTURE.test(route)) metrics.images.inc({ result: pictureResult(reply) });
    done();
  });
}

function countSubmit(request: FastifyRequest, metrics: Metrics): void {
  // Refusals that were thrown carry code 4, whatever their status. What the router itself refused has no facts at all.
  const { code = 4, action = '', mode = '' } = (request.submitted as SubmitFacts | undefined) ?? {};
  metrics.submits.inc({ code: String(code), action, mode });
}

function pictureResult(reply: FastifyReply): string {
  const { statusCode } = reply;
  if (statusCode === 304) return 'not_modified';
  if (statusCode < 300) return reply.getHeader('cache-control') === 'no-store' ? 'preview' : 'kept';
  if (statusCode === 404) return 'not_found';
  return statusCode < 500 ? 'refused' : 'failed';
}
