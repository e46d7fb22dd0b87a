import type { FastifyRequest } from 'fastify';
import { traceparentOf } from './trace-context.js';

/** What every line of the log about a request names. The route, never the URL: that may hold a token or a signature. */
export function lineOf({ id, method, routeOptions, headers, apiKey }: FastifyRequest): Record<string, unknown> {
  return {
    requestId: id,
    traceparent: traceparentOf(headers),
    method,
    route: routeOptions.url,
    keyId: apiKey?.id,
  };
}
