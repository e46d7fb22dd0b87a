import type { FastifyInstance, FastifyReply } from 'fastify';

const ON_EVERYTHING = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } as const;

/**
 * Puts on every answer what keeps browsers from taking it for something else, and on every JSON answer what keeps them
 * and caches from making more of it than data. What says otherwise itself (pictures, answers with an ETag) stays as it
 * is.
 */
export function installJsonHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // Preflights are answered before any hook of ours.
    if (request.method === 'OPTIONS') void reply.header('x-request-id', request.id);
    void reply.headers(ON_EVERYTHING);
    if (String(reply.getHeader('content-type') ?? '').startsWith('application/json')) setJsonHeaders(reply);
    done(null, payload);
  });
}

/** The same for one answer that no hook sees. */
export function setJsonHeaders(reply: FastifyReply): void {
  void reply.headers(ON_EVERYTHING).header('x-frame-options', 'DENY');
  if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
}
