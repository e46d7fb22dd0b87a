import type { FastifyInstance } from 'fastify';

/**
 * Content security policy of Swagger UI, as narrow as it allows: scripts and calls of its own origin only, so that no text
 * of the document can run as a script or send a key elsewhere. Swagger UI writes inline styles, draws icons from data URLs
 * and shows answered pictures from blob URLs.
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
