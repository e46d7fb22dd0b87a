import fastifyOf, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { AddressRanges, type KnownKey } from '#libs/access';
import { until } from '../../../../../test/support/until.js';
import { Connections } from '../../traffic/connections.js';
import { KeyWatch } from './key-watch.js';
import { decorateSessions } from './session-check.js';
import { MjError } from '../errors/mj-error.js';
import type { RouteAccess } from '../routes/route-access.js';

const LARGE = 'x'.repeat(20_000_000);

describe('KeyWatch', () => {
  const sockets: net.Socket[] = [];
  let fastify: FastifyInstance;
  let connections: Connections;
  let watch: KeyWatch;
  /** As the database has them now. */
  let keys: Map<string, KnownKey>;
  let asked: string[][];
  let now: number;
  let cuts: string[];

  const keyOf = (more: Partial<KnownKey> = {}): KnownKey =>
    ({
      id: '1',
      keyHash: Buffer.from('hash'),
      revokedAt: null,
      expiresAt: null,
      addresses: null,
      ...more,
    }) as KnownKey;

  beforeEach(async () => {
    now = 0;
    asked = [];
    cuts = [];
    keys = new Map([['1', keyOf()]]);
    connections = new Connections();
    connections.onCut((reason) => cuts.push(reason));
    fastify = fastifyOf({ serverFactory: connections.serverFactory, forceCloseConnections: true });
    fastify.setErrorHandler((error, _request, reply) =>
      reply.status(error instanceof MjError ? error.status : 500).send({ description: (error as Error).message }),
    );
    fastify.decorateRequest('apiKey', null);
    decorateSessions(fastify);
    connections.install(fastify);
    fastify.addHook('onRequest', (request, _reply, done) => {
      request.apiKey = request.headers['x-stranger'] === undefined ? keyOf() : null;
      done();
    });
    watch = new KeyWatch({
      keys: {
        readNow: (ids) => {
          asked.push([...ids]);
          return Promise.resolve(keys);
        },
      },
      now: () => new Date(1_000),
      clock: () => now,
    });
    watch.install(fastify);
    fastify.get('/wait', async ({ life }) => {
      const { signal } = life;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      if (life.refusal !== null) throw life.refusal;
      return 'gone';
    });
    fastify.get('/deaf', async ({ life }) => {
      expect(life.signal.aborted).toBe(false);
      await new Promise((resolve) => life.onEnd(resolve));
      return 'gone';
    });
    fastify.get('/large', () => LARGE);
    fastify.get('/work', async ({ life }) => {
      await until('the refusal', () => life.refusal);
      return 'done';
    });
    fastify.post('/submit', { config: { submit: true } satisfies RouteAccess }, () => 'submitted');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await fastify.close();
  });

  const send = async (bytes: string): Promise<{ socket: net.Socket; ended: Promise<string> }> => {
    const socket = net.connect((fastify.server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    socket.write(bytes);
    const ended = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += text.length < 500 ? chunk.toString('latin1') : ''));
      socket.on('close', () => resolve(text));
    });
    return { socket, ended };
  };
  const get = (path: string, ...headers: string[]): string =>
    [`GET ${path} HTTP/1.1`, 'host: x', 'connection: close', ...headers, '', ''].join('\r\n');
  const submit = 'POST /submit HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a":';

  it('asks nothing while nothing takes long, and once for all that does', async () => {
    await watch.look();
    await send(get('/wait'));
    await send(get('/wait'));
    await send(get('/wait', 'x-stranger: yes'));
    await until('all of them', () => (connections.underWay === 3 ? true : null));
    await watch.look();
    expect(asked).toEqual([]);
    now = 1_000;
    await watch.look();
    expect([asked, cuts]).toEqual([[['1']], []]);
  });

  it.each<[string, Partial<KnownKey> | null, number, string]>([
    ['revoked', { revokedAt: new Date(0) }, 401, 'invalid_api_key'],
    ['removed', null, 401, 'invalid_api_key'],
    ['given another secret', { keyHash: Buffer.from('other') }, 401, 'invalid_api_key'],
    ['kept from its address', { addresses: new AddressRanges(['192.0.2.0/24']) }, 403, 'address_not_allowed'],
  ])('ends waits and bodies of a key that was %s', async (_, change, status, description) => {
    const wait = await send(get('/wait'));
    const body = await send(submit);
    await until('both of them', () => (connections.underWay === 2 ? true : null));
    keys = change === null ? new Map() : new Map([['1', keyOf(change)]]);
    now = 1_000;
    await watch.look();
    for (const { ended } of [wait, body]) {
      const text = await ended;
      expect(text).toContain(`HTTP/1.1 ${status} `);
      expect(text).toContain(description);
    }
    expect(cuts).toEqual([]);
  });

  it('cuts answers that are being taken, and waits that do not answer', async () => {
    const large = await send(get('/large'));
    large.socket.pause();
    const deaf = await send(get('/deaf'));
    await until('both of them', () => (connections.underWay === 2 ? true : null));
    keys = new Map();
    now = 1_000;
    await watch.look();
    await deaf.ended;
    expect(cuts).toEqual(['revoked', 'revoked']);
  });

  it('lets work end that has begun, and what has expired read on', async () => {
    const work = await send(get('/work'));
    await until('the work', () => (connections.underWay === 1 ? true : null));
    keys = new Map();
    now = 1_000;
    await watch.look();
    expect(await work.ended).toContain('done');
    keys = new Map([['1', keyOf({ expiresAt: new Date(500) })]]);
    const wait = await send(get('/wait'));
    const body = await send(submit);
    await until('both of them', () => (connections.underWay === 2 ? true : null));
    now = 2_000;
    await watch.look();
    expect(await body.ended).toContain('invalid_api_key');
    expect(connections.underWay).toBe(1);
    wait.socket.destroy();
  });
});
