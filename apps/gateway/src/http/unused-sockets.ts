import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';

/**
 * Ends, when the server closes, connections that never carried a request (a browser opens such ahead of time): Node does
 * not count them as idle and would wait for them.
 */
export function closeUnusedSockets(fastify: FastifyInstance): void {
  const open = new Set<Socket>();
  fastify.server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  fastify.addHook('preClose', (done) => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
