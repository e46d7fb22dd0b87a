import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Loopback, Names } from '../../test/loopback.js';
import { EgressPolicy } from '../policy/egress-policy.js';
import { GuardedClient } from './guarded-client.js';
import type { GuardedClientOptions, PostAnswer, PostOptions } from './guarded-client-options.js';
import { aGuardedClient } from '../../test/a-guarded-client.js';
import { useClosing } from '../../test/use-closing.js';

const tls = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/tls.json'), 'utf8')) as Record<
  'ca' | 'key' | 'valid' | 'otherHost' | 'expired' | 'selfSigned',
  string
>;

const opened = useClosing();

function client(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return opened(
    aGuardedClient({
      policy: new EgressPolicy(['127.0.0.1/32']),
      lookup: new Names({ 'hooks.acme.io': ['127.0.0.1'], 'two.acme.io': ['127.0.0.1'] }).lookup,
      ...options,
    }),
  );
}

const post = (from: GuardedClient, url: string, options: Partial<PostOptions> = {}): Promise<PostAnswer> =>
  from.post(url, { headers: {}, body: '{}', deadlineMs: 10_000, maxAnswerBytes: 16_384, ...options });

/** undici takes up a connection again one turn of the event loop after its last answer. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}

describe('post', () => {
  it('sends the bytes and gives back status, headers and the first bytes', async () => {
    const seen: unknown[] = [];
    const server = opened(
      await Loopback.http((request, response) => {
        void request.toArray().then((chunks) => {
          const { method, url, headers } = request;
          seen.push({ method, url, headers, body: Buffer.concat(chunks as Buffer[]).toString() });
          response.writeHead(202, { 'x-answer': 'yes' }).end('thank you');
        });
      }),
    );
    const answer = await post(client(), server.url('hooks.acme.io', '//127.0.0.1/a?b=c#d'), {
      headers: { 'Webhook-Id': 'msg_1', 'content-type': 'application/json', Host: 'evil.io', 'User-Agent': 'other' },
      body: Buffer.from('{"a":"ü"}'),
      headBytes: 5,
    });
    expect(answer).toMatchObject({ status: 202, head: Buffer.from('thank'), cut: null });
    expect(answer.headers['x-answer']).toBe('yes');
    expect(Number.isInteger(answer.ms)).toBe(true);
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '//127.0.0.1/a?b=c',
        headers: {
          host: `hooks.acme.io:${server.port}`,
          'user-agent': 'journeyman/test',
          'accept-encoding': 'identity',
          'webhook-id': 'msg_1',
          'content-type': 'application/json',
          'content-length': '10',
        },
        body: '{"a":"ü"}',
      },
    ]);
  });

  it.each([301, 302, 303, 307, 308])('takes a %d for the answer', async (status) => {
    const canary = opened(await Loopback.http((_request, response) => response.end()));
    const server = opened(
      await Loopback.http((_request, response) => response.writeHead(status, { location: canary.origin }).end()),
    );
    await expect(post(client(), server.origin)).resolves.toMatchObject({ status });
    expect(canary.connections).toBe(0);
  });

  it('keeps a connection for the next call to the same origin only', async () => {
    const hosts: unknown[] = [];
    const server = opened(
      await Loopback.http((request, response) => {
        hosts.push([request.headers.host, request.socket.remotePort]);
        response.end('ok');
      }),
    );
    const guarded = client();
    await post(guarded, server.url('hooks.acme.io'));
    await idle();
    await post(guarded, server.url('hooks.acme.io'));
    await idle();
    await post(guarded, server.url('two.acme.io'));
    await idle();
    await post(guarded, server.origin);
    expect(server.connections).toBe(3);
    expect(new Set(hosts.map((pair) => JSON.stringify(pair))).size).toBe(3);
  });

  it('keeps none where it is told so', async () => {
    const server = opened(await Loopback.http((_request, response) => void response.end('ok')));
    const guarded = client({ keepsConnections: false });
    await post(guarded, server.url('hooks.acme.io'));
    await idle();
    await post(guarded, server.url('hooks.acme.io'));
    expect(server.connections).toBe(2);
  });

  it('does not send a call again whose connection breaks', async () => {
    let requests = 0;
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.on('data', () => {
          requests += 1;
          if (requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    const guarded = client();
    await post(guarded, server.origin);
    await idle();
    await expect(post(guarded, server.origin)).rejects.toMatchObject({ kind: 'reset', phase: 'answer' });
    expect(requests).toBe(2);
  });

  it('holds no more connections to an origin than it may', async () => {
    const waiting: (() => void)[] = [];
    const server = opened(await Loopback.http((_request, response) => void waiting.push(() => response.end())));
    const guarded = client({ maxConnectionsPerOrigin: 2 });
    const calls = Array.from({ length: 6 }, () => post(guarded, server.origin));
    const settled = Promise.all(calls);
    while (waiting.length < 2) await sleep(5);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(waiting).toHaveLength(2);
    const pump = setInterval(() => waiting.shift()?.(), 1);
    await settled;
    clearInterval(pump);
    expect(server.connections).toBe(2);
  });
});

describe('a body that is not wanted', () => {
  const forever = Buffer.alloc(64 * 1_024, 120);

  it('is cut after the cap, and the connection with it', async () => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5368709120\r\n\r\n');
          const more = (): void => {
            while (!socket.destroyed && socket.write(forever));
          };
          socket.on('drain', more);
          more();
        });
      }),
    );
    const answer = await post(client(), server.origin);
    expect(answer).toMatchObject({ status: 200, cut: 'too_large' });
    expect(answer.head).toEqual(Buffer.alloc(1_024, 120));
    await server.drained();
  });

  it('is not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = opened(
      await Loopback.http((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    );
    const answer = await post(client(), server.origin, { headBytes: 16 });
    expect(answer).toMatchObject({ status: 200, head: bomb.subarray(0, 16), cut: 'too_large' });
  });

  it.each([
    ['is shorter than announced', 'content-length: 100\r\n\r\nabc', true, 'reset'],
    ['has broken chunks', 'transfer-encoding: chunked\r\n\r\nzz\r\nabc', false, 'protocol'],
  ])('that %s leaves the status standing', async (_what, rest, ends, cut) => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\n${rest}`);
          if (ends) socket.end();
        });
      }),
    );
    await expect(post(client(), server.origin)).resolves.toMatchObject({ status: 200, cut });
  });

  it('that drips is cut by the deadline', async () => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n'));
        const drip = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(drip));
      }),
    );
    const answer = await post(client(), server.origin, { deadlineMs: 300 });
    expect(answer).toMatchObject({ status: 200, cut: 'timeout' });
    await server.drained();
  });

  it('that is cut at a 204 harms no later call', async () => {
    const server = opened(
      await Loopback.raw('HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfake'),
    );
    const guarded = client();
    await expect(post(guarded, server.origin)).resolves.toMatchObject({ status: 204, head: Buffer.alloc(0) });
    // Bytes that nobody asked for end their connection; the answer to the next call is read from a new one.
    await server.drained();
    await expect(post(guarded, server.origin)).resolves.toMatchObject({ status: 204 });
    expect(server.connections).toBe(2);
  });
});

describe('a peer that does not answer', () => {
  const informational = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

  it.each([
    ['accepts and is silent', (): void => undefined],
    [
      'drips header bytes',
      (write: (text: string) => void): NodeJS.Timeout => {
        write('HTTP/1.1 200 OK\r\nx-a: ');
        return setInterval(() => write('b'), 20);
      },
    ],
    [
      'drips informational answers',
      (write: (text: string) => void): NodeJS.Timeout => setInterval(() => write(informational), 30),
    ],
  ])('%s: the deadline ends it', async (_what, script) => {
    const server = opened(
      await Loopback.tcp((socket) => {
        socket.once('data', () => {
          const timer = script((text) => socket.write(text)) as NodeJS.Timeout | undefined;
          socket.on('close', () => clearInterval(timer));
        });
      }),
    );
    await expect(post(client(), server.origin, { deadlineMs: 200 })).rejects.toMatchObject({
      kind: 'timeout',
      phase: 'answer',
    });
    await server.drained();
  });

  it('floods with informational answers: ended at once', async () => {
    const server = opened(await Loopback.raw(informational.repeat(10_000)));
    await expect(post(client(), server.origin)).rejects.toMatchObject({ kind: 'protocol', detail: 'informational' });
    await server.drained();
  });

  it('sends a few of them first: no harm', async () => {
    const server = opened(await Loopback.raw(informational.repeat(3), 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    await expect(post(client(), server.origin)).resolves.toMatchObject({ status: 200 });
  });

  it('does not read what it is sent: the deadline ends it', async () => {
    const server = opened(await Loopback.tcp((socket) => socket.pause()));
    const call = post(client(), server.origin, { body: Buffer.alloc(32 * 1_024 * 1_024), deadlineMs: 300 });
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
  });

  it.each([
    ['one long header', `HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 'too_large'],
    ['many headers', `HTTP/1.1 200 OK\r\n${'x: aaaaaaaa\r\n'.repeat(4_000)}\r\n`, 'too_large'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 'protocol'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'reset'],
  ])('sends %s: %#', async (_what, bytes, kind) => {
    const server = opened(await Loopback.raw(bytes));
    const error: unknown = await post(client(), server.origin).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind, phase: 'answer' });
    expect((error as Error).message).not.toMatch(/SSH|127\.0\.0\.1|aaaa/);
  });

  it('hangs up: reset', async () => {
    const server = opened(await Loopback.tcp((socket) => socket.once('data', () => socket.resetAndDestroy())));
    await expect(post(client(), server.origin)).rejects.toMatchObject({ kind: 'reset', phase: 'answer' });
  });

  it('is not there: connect', async () => {
    const gone = await Loopback.http(() => undefined);
    const { origin, port } = gone;
    await gone.close();
    await expect(post(client(), origin)).rejects.toMatchObject({ kind: 'connect', detail: 'ECONNREFUSED' });
    const names = new Names({ 'hooks.acme.io': ['127.0.0.1', '127.0.0.1'] });
    const call = post(client({ lookup: names.lookup }), `http://hooks.acme.io:${port}/`);
    await expect(call).rejects.toMatchObject({ kind: 'connect', phase: 'connect' });
  });
});

describe('calls that wait for a connection', () => {
  it('fail with it', async () => {
    const gone = await Loopback.http(() => undefined);
    const { origin } = gone;
    await gone.close();
    const guarded = client({ maxConnectionsPerOrigin: 2 });
    const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => post(guarded, origin)));
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'connect', phase: 'connect' } });
    }
  });

  it('are not held past their deadline by those before them', async () => {
    const server = opened(await Loopback.silent());
    const guarded = client({ maxConnectionsPerOrigin: 1 });
    const calls = Array.from({ length: 4 }, () => post(guarded, server.origin, { deadlineMs: 200 }));
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { kind: 'timeout' } });
    }
  });

  it('send nothing after their deadline', async () => {
    let heard = 0;
    const server = opened(await Loopback.tcp((socket) => socket.on('data', (data) => (heard += data.length))));
    let answer = (): void => undefined;
    const guarded = client({
      lookup: (_host, _options, done) => {
        answer = () => done(null, [{ address: '127.0.0.1', family: 4 }]);
      },
    });
    const call = post(guarded, server.url('hooks.acme.io'), { deadlineMs: 100 });
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
    answer();
    while (server.connections === 0) await sleep(5);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(heard).toBe(0);
  });
});

describe('TLS', () => {
  const answer = (cert: string): Promise<Loopback> =>
    Loopback.https({ cert, key: tls.key }, (_request, response) => response.end('ok'));

  it('works with a certificate for the host, also over a kept connection', async () => {
    const server = opened(await answer(tls.valid));
    const guarded = client({ ca: tls.ca });
    for (let call = 0; call < 2; call += 1) {
      await expect(post(guarded, server.url('hooks.acme.io'))).resolves.toMatchObject({ status: 200 });
      await idle();
    }
    expect(server.connections).toBe(1);
  });

  it.each([
    ['of an unknown root', 'valid', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['signed by itself', 'selfSigned', tls.ca, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['that has expired', 'expired', tls.ca, 'CERT_HAS_EXPIRED'],
    ['of another host', 'otherHost', tls.ca, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('refuses a certificate %s', async (_what, cert, ca, detail) => {
    const server = opened(await answer(tls[cert]));
    await expect(post(client({ ca }), server.url('hooks.acme.io'))).rejects.toMatchObject({
      kind: 'tls',
      phase: 'connect',
      detail,
    });
  });

  it('refuses a peer that speaks plain HTTP, or hangs up in the handshake', async () => {
    const plain = opened(await Loopback.http((_request, response) => response.end()));
    const rude = opened(await Loopback.tcp((socket) => socket.destroy()));
    for (const { port } of [plain, rude]) {
      const call = post(client(), `https://hooks.acme.io:${port}/`);
      await expect(call).rejects.toMatchObject({ kind: 'tls', phase: 'connect' });
    }
  });

  it('gives up on a handshake that does not end', async () => {
    const server = opened(await Loopback.silent());
    const call = post(client({ connectMs: 100 }), `https://hooks.acme.io:${server.port}/`);
    await expect(call).rejects.toMatchObject({ kind: 'timeout', phase: 'connect' });
    await server.drained();
  });
});

describe('close', () => {
  it('ends calls in flight and refuses later ones', async () => {
    const server = opened(await Loopback.silent());
    const guarded = client();
    const call = post(guarded, server.origin);
    const ended = expect(call).rejects.toMatchObject({ kind: 'aborted' });
    while (server.connections === 0) await sleep(5);
    await guarded.close();
    await ended;
    await server.drained();
    await expect(post(guarded, server.origin)).rejects.toMatchObject({ kind: 'aborted' });
    await guarded.close();
  });
});
