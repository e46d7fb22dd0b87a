import type { FastifyInstance, FastifyReply } from 'fastify';

/**
 * Puts on every JSON answer what keeps browsers and caches from making more of it than data. What says otherwise itself
 * (pictures, answers with an ETag) stays as it is.
 */
export function installJsonHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (String(reply.getHeader('content-type') ?? '').startsWith('application/json')) setJsonHeaders(reply);
    done(null, payload);
  });
}

/** The same for one answer that no hook sees. */
export function setJsonHeaders(reply: FastifyReply): void {
  void reply.header('x-content-type-options', 'nosniff').header('x-frame-options', 'DENY');
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
}
