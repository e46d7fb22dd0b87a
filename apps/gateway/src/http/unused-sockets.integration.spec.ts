import fastifyOf, { type FastifyInstance } from 'fastify';
import http, { type IncomingMessage } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { closeUnusedSockets } from './unused-sockets.js';

/** Longer than a test may take: whoever waits for it fails. */
const KEEP_ALIVE_MS = 600_000;

describe('closing the server', () => {
  let fastify: FastifyInstance;
  let body: PassThrough;
  let port: number;
  const agent = new http.Agent({ keepAlive: true });

  beforeEach(async () => {
    fastify = fastifyOf({ keepAliveTimeout: KEEP_ALIVE_MS, forceCloseConnections: 'idle' });
    closeUnusedSockets(fastify);
    body = new PassThrough();
    fastify.get('/', (_request, reply) => reply.send(body));
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    port = (fastify.server.address() as AddressInfo).port;
  });

  afterEach(() => agent.destroy());

  it('does not wait for a connection that never said anything', async () => {
    const socket = net.connect(port, '127.0.0.1');
    await Promise.all([once(socket, 'connect'), once(fastify.server, 'connection')]);
    await fastify.close();
    socket.destroy();
  });

  it('finishes the answers under way, and does not wait for their connections', async () => {
    const request = http.get({ port, host: '127.0.0.1', agent });
    body.write('half, ');
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const closed = fastify.close();
    // Closing has begun before the answer ends.
    await new Promise((resolve) => setImmediate(resolve));
    body.end('and the rest');
    let text = '';
    for await (const chunk of answer) text += String(chunk);
    expect(text).toBe('half, and the rest');
    await closed;
  });
});
