import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { env } from 'node:process';
import { reply, ScriptedServer, type Script } from '../../test/scripted-server.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import { useScriptedUpstream } from '../../test/use-scripted-upstream.js';
import type { Outcome } from '../port/outcome.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { UpstreamHttp } from './upstream-http.js';
import { MidjourneyProxyAdapter } from '../midjourney-proxy/midjourney-proxy.adapter.js';

const SHORT_MS = 150;

const { server, adapter, up } = useScriptedUpstream((http) => new MidjourneyProxyAdapter(http));

function submit(to: UpstreamTarget, prompt = 'a fox'): Promise<Outcome> {
  return adapter.submit(to, imagine(prompt), SUBMIT_CONTEXT);
}

async function expectReadsToFail(from: UpstreamTarget, fault: string): Promise<void> {
  await expect(adapter.fetchMany(from, ['17'])).rejects.toMatchObject({ name: 'Error', fault });
  await expect(adapter.fetch(from, '17')).rejects.toMatchObject({ fault });
}

/** A plain TCP server that does one thing to each connection. */
async function rude(): Promise<Server> {
  const tcp = createServer((socket) => socket.on('error', () => undefined).destroy());
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  return tcp;
}

describe('a call that never left', () => {
  it('has the fault connect where no server listens', async () => {
    await server.close();
    await expect(submit(up)).resolves.toEqual({ kind: 'nothing_done', fault: 'connect' });
    await expectReadsToFail(up, 'connect');
  });

  it('is of fault dns where the name does not exist', async () => {
    const nameless = target({ baseUrl: 'https://upstream.invalid' });
    await expect(submit(nameless)).resolves.toEqual({ kind: 'nothing_done', fault: 'dns' });
    await expectReadsToFail(nameless, 'dns');
  });

  it('is of fault tls where the port speaks plain HTTP', async () => {
    const plain = target({ baseUrl: server.origin.replace('http:', 'https:') });
    await expect(submit(plain)).resolves.toEqual({ kind: 'nothing_done', fault: 'tls' });
    await expectReadsToFail(plain, 'tls');
    expect(server.received).toEqual([]);
  });

  it('did nothing where the peer hangs up in the handshake', async () => {
    const tcp = await rude();
    const hangingUp = target({ baseUrl: `https://127.0.0.1:${(tcp.address() as AddressInfo).port}` });
    await expect(submit(hangingUp)).resolves.toMatchObject({ kind: 'nothing_done' });
    tcp.close();
  });

  it('did nothing where its headers cannot be written', async () => {
    await expect(submit({ ...up, secret: 'two\nlines' })).resolves.toMatchObject({ kind: 'nothing_done' });
    expect(server.connections).toBe(0);
  });

  it('did nothing after the adapter was closed', async () => {
    await adapter.close();
    await expect(submit(up)).resolves.toMatchObject({ kind: 'nothing_done' });
    expect(server.received).toEqual([]);
  });
});

const FAILURES: [string, Script, string][] = [
  ['a reset after the request was read', ({ socket }) => socket.resetAndDestroy(), 'reset'],
  ['a close after the request was read', ({ socket }) => socket.destroy(), 'reset'],
  [
    'a body that is cut off',
    ({ socket }, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"code":1,"result":"17"', () => socket.destroy());
    },
    'reset',
  ],
  ['no HTTP', ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'), 'unreadable'],
  ['a silence', () => undefined, 'timeout'],
  [
    'headers and then a silence',
    (_, response) => {
      response.writeHead(200);
      response.flushHeaders();
    },
    'timeout',
  ],
  ['a body in drips', (_, response) => drip(response, () => response.write(' ')), 'timeout'],
  ['endless words before the answer', (_, response) => drip(response, () => response.writeProcessing()), 'timeout'],
  [
    'an answer over 16 MiB by its length',
    reply(`{"code":1,"result":"17","x":"${'x'.repeat(16 << 20)}"}`),
    'unreadable',
  ],
  [
    'a body without an end',
    (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    },
    'unreadable',
  ],
  [
    'a header of 100 kB',
    ({ socket }) => void socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`),
    'unreadable',
  ],
];

function drip(response: Parameters<Script>[1], write: () => void): void {
  const timer = setInterval(write, 10);
  response.on('close', () => clearInterval(timer));
}

describe('a call that broke after it was sent', () => {
  it.each(FAILURES)('by %s', async (_what, script, fault) => {
    server.script = script;
    const deadlineMs = fault === 'timeout' ? SHORT_MS : 20_000;
    const impatient = { ...up, submitTimeoutMs: deadlineMs, pollTimeoutMs: deadlineMs };
    await expect(submit(impatient)).resolves.toEqual({ kind: 'unknown', fault });
    expect(server.received).toHaveLength(1);
    await expectReadsToFail(impatient, fault);
    // Each came once, and no socket is left behind.
    expect(server.received).toHaveLength(3);
    await server.drained();
  });

  it('by the end of the adapter', async () => {
    let arrived: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    server.script = () => arrived();
    const outcome = submit(up);
    await reached;
    await adapter.close();
    await expect(outcome).resolves.toEqual({ kind: 'unknown', fault: 'reset' });
  });
});

describe('a call that waited for a free connection until its deadline', () => {
  it('did nothing, and is not sent later', async () => {
    const held: (() => void)[] = [];
    server.script = (received, response) => held.push(() => reply({ code: 1, result: '17' })(received, response));
    const first = Array.from({ length: 64 }, (_, n) => submit(up, `first ${n}`));
    while (held.length < 64) await new Promise(setImmediate);

    const late = await submit({ ...up, submitTimeoutMs: SHORT_MS }, 'late');
    expect(late).toMatchObject({ kind: 'nothing_done' });
    held.splice(0).forEach((answer) => answer());
    expect((await Promise.all(first)).map(({ kind }) => kind)).toEqual(Array(64).fill('accepted'));

    server.script = reply({ code: 1, result: '18' });
    await submit(up, 'after');
    expect(server.received).toHaveLength(65);
    expect(server.received.some(({ body }) => body.includes('late'))).toBe(false);
  });

  it('of reads does not hold up submits', async () => {
    server.script = ({ path }, response) => {
      if (path.startsWith('/mj/submit/')) response.end('{"code":1,"result":"17"}');
    };
    const reads = Array.from({ length: 20 }, () => adapter.fetch({ ...up, pollTimeoutMs: 5_000 }, '17'));
    const stuck = Promise.allSettled(reads);
    while (server.received.length < 8) await new Promise(setImmediate);
    await expect(submit(up)).resolves.toMatchObject({ kind: 'accepted' });
    await adapter.close();
    await stuck;
    expect(server.received).toHaveLength(9);
  });
});

describe('a proxy in the environment', () => {
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = new Map(names.map((name) => [name, env[name]]));
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name];
      else env[name] = value;
    }
  });

  it('is not used', async () => {
    const proxy = await ScriptedServer.start();
    for (const name of names) env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.origin;
    const fresh = new MidjourneyProxyAdapter(new UpstreamHttp({ userAgent: 'Journeyman' }));
    await expect(fresh.submit(up, imagine('a fox'), SUBMIT_CONTEXT)).resolves.toMatchObject({ kind: 'accepted' });
    expect(proxy.connections).toBe(0);
    expect(server.received).toHaveLength(1);
    await fresh.close();
    await proxy.close();
  });
});
