import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Reads on, and discards, the rest of a body that was refused before all of it had come: a client that is cut off while it
 * still writes sees a broken connection instead of its answer. No more than the largest body is discarded.
 */
export class RefusedBodies {
  private readonly left = new WeakSet<IncomingMessage>();

  constructor(fastify: FastifyInstance) {
    // Fastify by itself would close the connection.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      if (this.left.has(request.raw)) reply.removeHeader('connection');
      done(null, payload);
    });
  }

  /**
   * Drops what still comes of the request's body.
   * @param payload where it was read, which may be a decoder · @param most bytes; one more ends the connection
   */
  drop({ raw }: FastifyRequest, payload: Readable, most: number): void {
    let dropped = 0;
    this.left.add(raw);
    stopDecoding(raw, payload);
    raw.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > most) raw.destroy();
    });
    raw.resume();
  }
}

/** Ends a decoder whose output nobody reads any more: it would go on decoding its input. */
export function stopDecoding(raw: IncomingMessage, payload: Readable): void {
  if (payload === raw) return;
  raw.unpipe();
  payload.on('error', () => undefined);
  payload.destroy();
}
