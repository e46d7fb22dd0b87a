import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from '../../traffic/connections.js';
import { rawAnswer } from '../errors/parser-refusal.js';

/**
 * Asks a client that waits to be asked (`Expect: 100-continue`) for its body only when everything that can be judged
 * without it was: key, limits, room, charset. Node by itself would ask first. Who is refused is not asked, and as
 * the body may come all the same, nothing that follows on that connection is read. Other expectations are refused, and so are
 * tunnels. To be installed after all other checks of what stands before a body.
 */
export function installExpectContinue(fastify: FastifyInstance, connections: Connections): void {
  const waiting = new WeakSet<IncomingMessage>();
  fastify.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(request);
    fastify.server.emit('request', request, response);
  });
  fastify.server.on('checkExpectation', ({ socket }: IncomingMessage) => {
    connections.endWith(socket, rawAnswer('expectation_failed'));
  });
  // Node would close the connection without a word.
  fastify.server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    connections.endWith(
      socket.on('error', () => undefined),
      rawAnswer('method_not_allowed'),
    );
  });
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    if (waiting.delete(request.raw)) reply.raw.writeContinue();
    done(null, payload);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (waiting.has(request.raw)) void reply.header('connection', 'close');
    done(null, payload);
  });
}
