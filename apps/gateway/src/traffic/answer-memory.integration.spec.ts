import fastifyOf, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { until } from '../../../../test/support/until.js';
import { MjError } from '../http/errors/mj-error.js';
import { AnswerMemory } from './answer-memory.js';
import { Connections } from './connections.js';
import { ResourceGauges, type ResourceGauge } from './resource-gauges.js';

const MIB = 1024 * 1024;
/** More than what the kernel takes of an answer. */
const LARGE = 'x'.repeat(12 * MIB);

describe('AnswerMemory', () => {
  const sockets: net.Socket[] = [];
  let fastify: FastifyInstance;
  let held: ResourceGauge;
  let now: number;

  beforeEach(async () => {
    now = 0;
    const connections = new Connections(() => now);
    const gauges = new ResourceGauges();
    fastify = fastifyOf({ serverFactory: connections.serverFactory, forceCloseConnections: true });
    fastify.setErrorHandler((error, _request, reply) =>
      reply.status(error instanceof MjError ? error.status : 500).send({ description: (error as Error).message }),
    );
    fastify.decorateRequest('apiKey', null);
    connections.install(fastify);
    new AnswerMemory({ total: 50 * MIB, perKey: 30 * MIB }, gauges, () => now).install(fastify);
    [held] = [...gauges.all()] as [ResourceGauge];
    fastify.get('/large', () => LARGE);
    fastify.get('/small', () => 'small');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await fastify.close();
  });

  const ask = async (path: string, localAddress = '127.0.0.1'): Promise<net.Socket> => {
    const { port } = fastify.server.address() as AddressInfo;
    const socket = net.connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket.on('error', () => undefined).pause());
    await once(socket, 'connect');
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    return socket;
  };
  const status = async (path: string, localAddress = '127.0.0.1'): Promise<number> => {
    const socket = await ask(path, localAddress);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += text.length < 20 ? chunk.toString('latin1') : ''));
    socket.resume();
    await once(socket, 'close');
    return Number(text.slice(9, 12));
  };
  const holds = (bytes: number): Promise<true> => until(`${bytes} bytes`, () => (held.used() === bytes ? true : null));

  it('holds what is not taken until it is, or its client is gone', async () => {
    const unread = await ask('/large');
    await holds(LARGE.length);
    unread.resume();
    await holds(0);
    const left = await ask('/large');
    await holds(LARGE.length);
    left.destroy();
    await holds(0);
  });

  it('refuses what would be more than a quota, and nothing that is small or of others', async () => {
    await ask('/large');
    await ask('/large');
    await holds(2 * LARGE.length);
    expect([await status('/large'), await status('/small')]).toEqual([503, 200]);
    expect(await status('/large', '127.0.0.2')).toBe(200);
    await ask('/large', '127.0.0.2');
    await ask('/large', '127.0.0.2');
    await holds(4 * LARGE.length);
    expect(await status('/large', '127.0.0.3')).toBe(503);
  });
});
