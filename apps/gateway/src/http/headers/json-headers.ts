import type { FastifyInstance, FastifyReply } from 'fastify';

const ON_EVERYTHING = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' } as const;

/**
 * Sets `nosniff` on every answer, and on every JSON answer headers that keep browsers from framing it and caches from
 * keeping it. Headers that a route has set itself (pictures, answers with an ETag) stay as they are.
 */
export function installJsonHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // Preflights are answered before the hook that sets the id of every other request.
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
