import type { FastifyInstance } from 'fastify';

/**
 * What Swagger UI needs and no more: scripts and calls of its own origin only, so that nothing that finds its way into
 * the document can run or take a key elsewhere. It writes styles into the page, draws icons from data URLs and shows
 * pictures that were answered from blob URLs.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Puts the security headers of an HTML page on the pages of the documentation. */
export function installDocsHeaders(fastify: FastifyInstance, isDocs: (path: string) => boolean): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isDocs(request.routeOptions.url ?? '')) {
      void reply.headers({ 'content-security-policy': POLICY, 'x-frame-options': 'DENY' });
    }
    done(null, payload);
  });
}
