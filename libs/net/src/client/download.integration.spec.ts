import { once } from 'node:events';
import { type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Loopback, Names } from '../../test/loopback.js';
import { readCapped } from './answer-body.js';
import { EgressPolicy } from '../policy/egress-policy.js';
import { parseHostRewrites, rewriteHost } from '../policy/host-rewrite.js';
import { GuardedClient } from './guarded-client.js';
import type { Download, DownloadOptions, GuardedClientOptions } from './guarded-client-options.js';
import { aGuardedClient } from '../../test/a-guarded-client.js';
import { useClosing } from '../../test/use-closing.js';

const CAP = 64 * 1_024;
const opened = useClosing();

function client(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return opened(
    aGuardedClient({
      policy: new EgressPolicy(['127.0.0.1/32']),
      lookup: new Names({ 'cdn.acme.io': ['127.0.0.1'], 'inside.acme.io': ['127.0.0.1'] }).lookup,
      ...options,
    }),
  );
}

const get = (from: GuardedClient, url: string, options: Partial<DownloadOptions> = {}): Promise<Download> =>
  from.download(url, { deadlineMs: 10_000, maxBytes: CAP, maxHops: 2, accept: 'image/*', ...options });

const serve = async (handler: RequestListener): Promise<Loopback> => opened(await Loopback.http(handler));

describe('download', () => {
  it('streams a body and says where it came from', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const picture = Buffer.alloc(CAP, 9);
    const server = await serve((request, response) => {
      seen.push(request.headers);
      response.writeHead(206, { 'content-type': 'image/png' }).end(picture);
    });
    const guarded = client();
    const answer = await get(guarded, server.url('cdn.acme.io', '/a.png?x=1'), { headers: { Range: 'bytes=0-' } });
    expect(answer).toMatchObject({ status: 206, url: server.url('cdn.acme.io', '/a.png?x=1') });
    expect(answer.headers['content-type']).toBe('image/png');
    expect(await readCapped(answer.body, CAP)).toEqual(picture);
    expect(seen).toMatchObject([
      { 'accept-encoding': 'identity', accept: 'image/*', range: 'bytes=0-', 'user-agent': 'journeyman/test' },
    ]);
    // undici takes up a connection again one turn of the event loop after its last answer.
    for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
    await readCapped((await get(guarded, server.url('cdn.acme.io'))).body, CAP);
    expect(server.connections).toBe(1);
  });

  it('asks the host that stands for that of a link, and of a redirect, and judges it', async () => {
    const seen: string[] = [];
    const server = await serve((request, response) => {
      seen.push(`${request.headers.host} ${request.url}`);
      if (request.url === '/b') response.end('picture');
      else response.writeHead(302, { location: 'http://media.acme.io:81/b' }).end();
    });
    const rewrites = parseHostRewrites(
      `old.acme.io=cdn.acme.io:${server.port},media.acme.io=inside.acme.io:${server.port},sly.acme.io=10.0.0.1`,
    );
    const guarded = client({ rewrite: (url) => rewriteHost(url, rewrites) });
    const answer = await get(guarded, 'http://old.acme.io/a');
    expect(await readCapped(answer.body, CAP)).toEqual(Buffer.from('picture'));
    expect(seen).toEqual([`cdn.acme.io:${server.port} /a`, `inside.acme.io:${server.port} /b`]);
    await expect(get(guarded, 'http://sly.acme.io/')).rejects.toMatchObject({ kind: 'blocked' });
  });

  it('gives the status of what is no picture, without its body', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(404, { 'content-encoding': 'gzip' }).end(gzipSync('gone')),
    );
    const answer = await get(client(), server.origin);
    expect(answer.status).toBe(404);
    expect(await readCapped(answer.body, 0)).toEqual(Buffer.alloc(0));
  });

  it.each(['gzip', 'br', 'identity, gzip', ''])('refuses Content-Encoding %p', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(bomb),
    );
    await expect(get(client(), server.origin)).rejects.toMatchObject({ kind: 'encoding', phase: 'body' });
  });

  it('takes Content-Encoding identity', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'Identity' }).end('x'),
    );
    expect(await readCapped((await get(client(), server.origin)).body, 1)).toEqual(Buffer.from('x'));
  });
});

describe('a body', () => {
  it('with too great a length is refused before it comes', async () => {
    const server = opened(await Loopback.raw(`HTTP/1.1 200 OK\r\ncontent-length: ${CAP + 1}\r\n\r\n`));
    await expect(get(client(), server.origin)).rejects.toMatchObject({ kind: 'too_large', phase: 'body' });
    await server.drained();
  });

  it('without a length is cut after the cap', async () => {
    const server = await serve((_request, response) => {
      const chunk = Buffer.alloc(16_384, 1);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    const { body } = await get(client(), server.origin);
    await expect(readCapped(body, Infinity)).rejects.toMatchObject({ kind: 'too_large', phase: 'body' });
    await server.drained();
  });

  it('shorter than its length is no success', async () => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'));
      }),
    );
    const { body } = await get(client(), server.origin);
    await expect(readCapped(body, CAP)).rejects.toMatchObject({ kind: 'reset', phase: 'body' });
  });

  it('longer than its length ends where it said, and its rest is nobody’s answer', async () => {
    const server = opened(
      await Loopback.raw(
        'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil',
      ),
    );
    const guarded = client();
    expect(await readCapped((await get(guarded, server.origin)).body, CAP)).toEqual(Buffer.from('abc'));
    await server.drained();
    expect(await readCapped((await get(guarded, server.origin)).body, CAP)).toEqual(Buffer.from('abc'));
  });

  it('that drips is cut by the deadline', async () => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'));
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    const { body } = await get(client(), server.origin, { deadlineMs: 300 });
    await expect(readCapped(body, CAP)).rejects.toMatchObject({ kind: 'timeout', phase: 'body' });
    await server.drained();
  });

  it('that nobody reads is cut by the deadline and harms nothing', async () => {
    const server = opened(await Loopback.raw('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc'));
    const { body } = await get(client(), server.origin, { deadlineMs: 200 });
    await new Promise((resolve) => body.on('close', resolve));
    expect(body.errored).toMatchObject({ kind: 'timeout' });
    await server.drained();
  });

  it('that is destroyed frees its connection though the peer is silent', async () => {
    const server = opened(await Loopback.raw('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc'));
    const { body } = await get(client(), server.origin);
    body.resume();
    await once(body, 'data');
    body.destroy();
    await server.drained();
    expect(body.destroyed).toBe(true);
  });

  it('is ended by the caller’s signal', async () => {
    const server = opened(await Loopback.raw('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc'));
    const caller = new AbortController();
    const { body } = await get(client(), server.origin, { signal: caller.signal });
    const read = expect(readCapped(body, CAP)).rejects.toMatchObject({ kind: 'aborted', phase: 'body' });
    caller.abort();
    await read;
    await server.drained();
  });

  it('is not asked for by a caller who has gone already', async () => {
    const names = new Names({ 'cdn.acme.io': ['127.0.0.1'] });
    const call = get(client({ lookup: names.lookup }), 'http://cdn.acme.io/', { signal: AbortSignal.abort() });
    await expect(call).rejects.toMatchObject({ kind: 'aborted' });
    expect(names.questions).toEqual([]);
  });
});

describe('a redirect', () => {
  const redirecting = (...locations: string[]): Promise<Loopback> =>
    serve((request, response) => {
      const hop = Number(new URL(request.url ?? '', 'http://x').searchParams.get('hop') ?? 0);
      const location = locations[hop];
      if (location === undefined) response.end('picture');
      else response.writeHead(302, { location }).end('not this');
    });

  it('is followed, twice at most', async () => {
    const server = await redirecting('/b?hop=1', '?hop=2', '/d?hop=3');
    const answer = await get(client(), `${server.origin}/a?hop=1`);
    expect(answer).toMatchObject({ status: 200, url: `${server.origin}/d?hop=3` });
    expect(await readCapped(answer.body, CAP)).toEqual(Buffer.from('picture'));
    await expect(get(client(), `${server.origin}/a`)).rejects.toMatchObject({ kind: 'redirect', detail: 'hops' });
    await expect(get(client(), `${server.origin}/a?hop=2`, { maxHops: 0 })).rejects.toMatchObject({ kind: 'redirect' });
  });

  it('in a circle is ended', async () => {
    const server = await redirecting('/a?hop=1', '/a?hop=0');
    await expect(get(client(), `${server.origin}/a?hop=0`)).rejects.toMatchObject({ kind: 'redirect', detail: 'loop' });
  });

  it.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_INFO',
    'http://169.254.169.254/',
    '//169.254.169.254/',
    'http://a:b@cdn.acme.io/',
  ])('to %s is refused', async (location) => {
    const server = await redirecting(location);
    await expect(get(client(), server.origin)).rejects.toMatchObject({ kind: 'blocked', phase: 'connect' });
  });

  it.each(['literal', 'name', 'network-path'])(
    'from an exempt origin to the rest of its address is refused: %s',
    async (form) => {
      const canary = await serve((_request, response) => response.end('secret'));
      const location = {
        literal: canary.origin,
        name: canary.url('inside.acme.io'),
        'network-path': canary.origin.replace('http:', ''),
      }[form] as string;
      const server = await redirecting(location);
      const guarded = client({ policy: new EgressPolicy(), exemptOrigins: () => new Set([server.origin]) });
      await expect(get(guarded, server.origin)).rejects.toMatchObject({ kind: 'blocked' });
      expect(canary.connections).toBe(0);
    },
  );

  it('takes no credential to another origin', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const other = await serve((request, response) => {
      seen.push(request.headers);
      response.end('ok');
    });
    const server = await redirecting(other.origin);
    const { body } = await get(client(), server.origin, { headers: { authorization: 'Bearer x', range: 'bytes=0-1' } });
    await readCapped(body, CAP);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ range: 'bytes=0-1', accept: 'image/*' });
    expect(seen[0]).not.toHaveProperty('authorization');
  });

  it('that takes for ever is within the one deadline', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
    });
    await expect(get(client(), `${server.origin}/a`, { deadlineMs: 300 })).rejects.toMatchObject({ kind: 'timeout' });
  });
});
