import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

/**
 * Lets clients end a body that was refused before it had come: whoever is cut off while it writes sees a broken
 * connection instead of its answer. What still comes is dropped as it comes, and no more of it than a body may have.
 */
export class RefusedBodies {
  private readonly left = new WeakSet<IncomingMessage>();

  constructor(fastify: FastifyInstance) {
    // Fastify would close the connection.
    fastify.addHook('onSend', (request, reply, payload, done) => {
      if (this.left.has(request.raw)) reply.removeHeader('connection');
      done(null, payload);
    });
  }

  /** Drops what still comes of the request's body. @param most bytes; one more ends the connection */
  drop({ raw }: FastifyRequest, most: number): void {
    let dropped = 0;
    this.left.add(raw);
    raw.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > most) raw.destroy();
    });
    raw.resume();
  }
}
