import type { FastifyInstance } from 'fastify';

/** The paths of inputs, with and without a name. */
const INPUTS = /^\/mj\/input(?:[/?]|$)/;

/** Headers of every answer there: the bytes are for a server, and no browser may keep them, run them or give them to a page. */
const SAFETY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const;

/** Headers that open other routes to pages of every origin. */
const CORS_HEADERS = [
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-expose-headers',
  'access-control-max-age',
  'vary',
];

/** Closes the answers under /mj/input to browsers, those to preflights and refused requests too. */
export function installInputHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (INPUTS.test(request.url)) {
      for (const name of CORS_HEADERS) reply.removeHeader(name);
      void reply.headers(SAFETY_HEADERS);
    }
    done(null, payload);
  });
}
