import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Connections } from '../traffic/connections.js';
import type { LifeEnd } from '../traffic/request-life.js';
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

/** Counts every request by its registered route, so that labels stay few whatever clients send. */
export function installRequestMetrics(fastify: FastifyInstance, connections: Connections, metrics: Metrics): void {
  fastify.decorateRequest('submitted');
  connections.observe((request, reply) => {
    request.submitted = {};
    request.life.onEnd((how) => count(metrics, { request, reply, how }));
  });
}

/** A request that has ended. */
interface Ended {
  request: FastifyRequest;
  reply: FastifyReply;
  how: LifeEnd;
}

function count(metrics: Metrics, { request, reply, how }: Ended): void {
  const route = request.routeOptions.url ?? 'none';
  const status = how === 'answered' ? `${Math.floor(reply.statusCode / 100)}xx` : how;
  metrics.requestSeconds.observe({ method: request.method, route, status }, reply.elapsedTime / 1_000);
  if (how === 'abandoned') return;
  if (SUBMIT.test(route)) countSubmit(request, metrics);
  else if (PICTURE.test(route)) metrics.images.inc({ result: pictureResult(reply) });
}

function countSubmit(request: FastifyRequest, metrics: Metrics): void {
  // Refusals that were thrown carry code 4, whatever their status.
  const { code = 4, action = '', mode = '' } = request.submitted;
  metrics.submits.inc({ code: String(code), action, mode });
}

function pictureResult(reply: FastifyReply): string {
  const { statusCode } = reply;
  if (statusCode === 304) return 'not_modified';
  if (statusCode < 300) return reply.getHeader('cache-control') === 'no-store' ? 'preview' : 'kept';
  if (statusCode === 404) return 'not_found';
  return statusCode < 500 ? 'refused' : 'failed';
}
