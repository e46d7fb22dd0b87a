import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from '../../traffic/connections.js';
import { rawAnswer } from '../errors/parser-refusal.js';

/**
 * Answers `Expect: 100-continue` only after every check that needs no body: key, limits, budget, charset. Node by itself would
 * ask for the body first. A refused client is not asked for its body; as it may send the body all the same, nothing more is
 * read on that connection. Other expectations, and tunnels (CONNECT, Upgrade), are refused. To be installed after all other
 * checks of request heads.
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
  // Node by itself would close the connection without an answer.
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
