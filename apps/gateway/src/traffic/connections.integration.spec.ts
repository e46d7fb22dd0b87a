import fastifyOf, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { until } from '../../../../test/support/until.js';
import type { RequestHandler } from './connection.js';
import { Connections } from './connections.js';
import type { LifeEnd } from './request-life.js';

const head = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;

describe('connections', () => {
  const sockets: net.Socket[] = [];
  let connections: Connections;
  let server: Server;
  let handle: RequestHandler;
  let ends: LifeEnd[];
  let paths: string[];
  let now: number;
  let accepted: net.Socket[];

  beforeEach(async () => {
    now = 0;
    connections = new Connections(() => now);
    ends = [];
    paths = [];
    handle = (_request, response) => void response.end('x');
    server = connections.serve((request, response) => {
      paths.push(request.url ?? '');
      connections.lifeOf(request).onEnd((how) => ends.push(how));
      handle(request, response);
    }, {});
    accepted = [];
    server.on('connection', (socket) => accepted.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const connect = async (bytes: string): Promise<net.Socket> => {
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  };
  const serverSockets = (): net.Socket[] => accepted.filter(({ destroyed }) => !destroyed);
  const isIdle = (): true | null => (connections.underWay === 0 && connections.waiting === 0 ? true : null);
  const ended = (count: number): Promise<true> => until('the ends', () => (ends.length === count ? true : null));

  it('tell of an answer, and of a client that leaves before it', async () => {
    const first = await connect(head('/1'));
    await ended(1);
    handle = () => undefined;
    first.write(head('/2'));
    await until('the request', () => (paths.length === 2 ? true : null));
    expect(connections.underWay).toBe(1);
    first.resetAndDestroy();
    await ended(2);
    expect(ends).toEqual(['answered', 'abandoned']);
    await until('its end', () => (connections.size === 0 ? true : null));
  });

  it('make room for one more: the idle one that came first goes, and none that is at work', async () => {
    connections.most = 3;
    handle = () => undefined;
    const busy = await connect(head('/busy'));
    const [idle, later] = [await connect(''), await connect('')];
    await until('them all', () => (connections.size === 3 && connections.underWay === 1 ? true : null));
    const next = await connect(head('/next'));
    await until('the end of the idle one', () => (idle.destroyed ? true : null));
    await until('the next request', () => (paths.includes('/next') ? true : null));
    const last = await connect(head('/last'));
    await until('the end of the other idle one', () => (later.destroyed ? true : null));
    await until('the last request', () => (paths.includes('/last') ? true : null));
    // Now all of them are at work.
    const refused = await connect(head('/refused'));
    await until('the refusal', () => (refused.destroyed ? true : null));
    expect([busy, next, last].map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
    expect(paths).not.toContain('/refused');
    for (const socket of [busy, next, last]) socket.destroy();
    await until('the end', isIdle);
  });

  it('tell every pipelined request of the end, also those whose answer never had the socket', async () => {
    const streams: PassThrough[] = [];
    const closed: boolean[] = [];
    handle = (_request, response) => {
      const stream = new PassThrough();
      streams.push(stream);
      stream.write('half');
      stream.pipe(response);
      response.on('close', () => closed.push(true));
    };
    const socket = await connect(head('/').repeat(3));
    await until('all of them', () => (streams.length === 3 ? true : null));
    socket.destroy();
    await ended(3);
    expect(closed).toHaveLength(3);
    expect(connections.underWay).toBe(0);
  });

  it('answer pipelined requests in their order, a few at a time', async () => {
    let most = 0;
    handle = (request, response) => {
      most = Math.max(most, connections.underWay);
      setImmediate(() => response.end(`${request.url ?? ''};`));
    };
    const all = Array.from({ length: 3_000 }, (_, at) => `/${at}`);
    const socket = await connect(all.map(head).join(''));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    await until('every answer', () => (text.endsWith('/2999;') ? true : null));
    expect(text.match(/\/\d+(?=;)/g)).toEqual(all);
    expect(most).toBeLessThanOrEqual(4);
    await until('the end', isIdle);
  });

  it('take bodies that wait behind other requests', async () => {
    const bodies: number[] = [];
    handle = (request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => {
        bodies.push(bytes);
        response.end('x');
      });
    };
    const post = (bytes: number): string =>
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${bytes}\r\n\r\n${'b'.repeat(bytes)}`;
    const sizes = Array.from({ length: 40 }, (_, at) => (at % 7 === 0 ? 200_000 : at));
    const socket = await connect(sizes.map(post).join(''));
    socket.resume();
    await ended(sizes.length);
    expect(bodies).toEqual(sizes);
  });

  it('are not read while their answers are not', async () => {
    const large = Buffer.alloc(400_000);
    handle = (_request, response) => void response.end(large);
    const socket = await connect('');
    socket.pause();
    // More than the kernel takes of either direction, were it read.
    let sent = 0;
    const send = (): void => {
      while (sent < 400_000 && socket.write(head(`/${(sent += 1)}`)));
    };
    socket.on('drain', send);
    send();
    await until('requests that wait', () => (connections.waiting > 0 ? true : null));
    const seen = paths.length;
    // One read of 64 KiB has no more of these requests in it, and no second one is made.
    expect(connections.waiting).toBeLessThan(3_000);
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(paths.length - seen).toBeLessThanOrEqual(4);
    expect(connections.underWay).toBeLessThanOrEqual(4);
    socket.destroy();
    await until('the end', isIdle);
  });

  /** Lets so much time pass, second by second. */
  const pass = (seconds: number): void => {
    for (let second = 0; second < seconds; second += 1) {
      now += 1_000;
      connections.look();
    }
  };

  it('are cut where their client takes nothing of an answer for two minutes', async () => {
    const cuts: string[] = [];
    connections.onCut((reason) => cuts.push(reason));
    handle = (_request, response) => void response.end(Buffer.alloc(20_000_000));
    const socket = await connect('');
    socket.pause();
    socket.write(head('/'));
    await until('the request', () => (paths.length === 1 ? true : null));
    let sent = 0;
    // As much as the kernel takes of it.
    await until('the end of what moves', () => {
      const [server] = serverSockets();
      const left = server?.writableLength ?? 0;
      const isStill = left > 0 && left === sent;
      sent = left;
      return isStill ? true : null;
    });
    pass(100);
    expect(cuts).toEqual([]);
    pass(19);
    expect([cuts, connections.underWay]).toEqual([['unread'], 0]);
    await ended(1);
  });

  it('are not cut for what their answers wait for', async () => {
    const answers: ServerResponse[] = [];
    handle = (_request, response) => {
      response.write('begun');
      answers.push(response);
    };
    const socket = await connect(head('/'));
    await once(socket, 'data');
    pass(3_600);
    answers.forEach((response) => response.end('done'));
    await ended(1);
    expect(ends).toEqual(['answered']);
  });

  describe('with a body', () => {
    let told: number;
    let body: number;
    const post = (length: number): string => `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n`;

    beforeEach(() => {
      told = body = 0;
      handle = (request, response) => {
        connections.lifeOf(request).onSlowBody(() => {
          told += 1;
          response.setHeader('connection', 'close').end('slow');
        });
        request.on('data', (chunk: Buffer) => (body += chunk.length)).on('error', () => undefined);
        request.on('end', () => response.end('done'));
      };
    });

    const bring = async (socket: net.Socket, bytes: number): Promise<void> => {
      const all = body + bytes;
      socket.write('b'.repeat(bytes));
      await until('the bytes', () => (body === all ? true : null));
    };

    it('that stalls are told so, and closed', async () => {
      const socket = await connect(post(1_000_000));
      await bring(socket, 100);
      pass(25);
      await bring(socket, 100);
      expect(told).toBe(0);
      pass(10);
      expect(told).toBe(1);
      socket.resume();
      await once(socket, 'close');
      expect(ends).toEqual(['answered']);
    });

    it('that comes slowly are waited for, however long it takes', async () => {
      const socket = await connect(post(64 * 16 * 1024));
      for (let second = 0; second < 64; second += 1) {
        await bring(socket, 16 * 1024);
        pass(1);
      }
      socket.resume();
      await ended(1);
      expect([told, ends]).toEqual([0, ['answered']]);
    });

    it('that nobody reads yet are not at fault', async () => {
      const read = handle;
      let begin = (): void => undefined;
      handle = (request, response) => (begin = () => read(request, response));
      const socket = await connect(post(100_000));
      await until('the request', () => (paths.length === 1 ? true : null));
      pass(600);
      begin();
      await bring(socket, 100_000);
      await ended(1);
      expect(told).toBe(0);
    });

    it('of which the rest does not come after the answer, or comes without end, are cut', async () => {
      const cuts: string[] = [];
      connections.onCut((reason) => cuts.push(reason));
      handle = (_request, response) => void response.end('no');
      const stalling = await connect(`${post(1_000_000)}b`);
      stalling.resume();
      await ended(1);
      pass(31);
      expect(cuts).toEqual(['body']);
      const endless = await connect('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
      endless.resume();
      await ended(2);
      const chunk = `10000\r\n${'b'.repeat(65_536)}\r\n`;
      const send = (): void => {
        while (!endless.destroyed && endless.write(chunk));
      };
      endless.on('drain', send);
      send();
      await until('the cut', () => {
        pass(1);
        return cuts.length === 2 ? true : null;
      });
    });
  });

  it('are cut where too many requests wait', async () => {
    handle = () => undefined;
    const some = await Promise.all(Array.from({ length: 12 }, () => connect(head('/').repeat(2_400))));
    await until('a cut', () => (some.some(({ destroyed }) => destroyed) ? true : null));
    expect(connections.waiting).toBeLessThanOrEqual(Connections.mostWaiting);
  });
});

describe('closing a server with connections', () => {
  /** Longer than a test may take: whoever waits for it fails. */
  const keepAliveTimeout = 600_000;
  const agent = new http.Agent({ keepAlive: true });
  let fastify: FastifyInstance;
  let body: PassThrough;
  let port: number;

  beforeEach(async () => {
    const connections = new Connections();
    const { serverFactory } = connections;
    fastify = fastifyOf({ serverFactory, keepAliveTimeout, forceCloseConnections: 'idle' });
    connections.install(fastify);
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
