import type { FastifyRequest } from 'fastify';
import { traceparentOf } from './trace-context.js';

/** Fields of every log line about a request. They name the route, never the URL, which may hold a token or a signature. */
export function lineOf({ id, method, routeOptions, headers, apiKey }: FastifyRequest): Record<string, unknown> {
  return {
    requestId: id,
    traceparent: traceparentOf(headers),
    method,
    route: routeOptions.url,
    keyId: apiKey?.id,
  };
}
