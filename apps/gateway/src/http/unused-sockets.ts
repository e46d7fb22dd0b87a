import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/**
 * Ends, when the server closes, connections that Node would wait for: those that never carried a request (a browser opens
 * such ahead of time), which it does not count as idle, and those whose answer was under way just then, which it would
 * keep for the whole keep-alive time although nothing more can come.
 */
export function closeUnusedSockets(fastify: FastifyInstance): void {
  const open = new Set<Socket>();
  fastify.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  let isClosing = false;
  fastify.addHook('onResponse', (_request, _reply, done) => {
    // The connection counts as idle only after this turn.
    if (isClosing) setImmediate(() => fastify.server.closeIdleConnections());
    done();
  });
  fastify.addHook('preClose', (done) => {
    isClosing = true;
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
