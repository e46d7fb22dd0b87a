import type { FastifyInstance } from 'fastify';

/** The paths of inputs, with and without a name. */
const INPUTS = /^\/mj\/input(?:[/?]|$)/;

/** Headers of every answer there: no browser may keep the bytes, run them or let a page read them. Pages may show uploads. */
const SAFETY_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
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
