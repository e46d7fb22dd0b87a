import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Loopback, Names } from '../../test/loopback.js';
import { SocksServer } from '../../../../test/support/socks-server.js';
import { GuardedClient } from '../client/guarded-client.js';
import type { GuardedClientOptions, PostAnswer } from '../client/guarded-client-options.js';
import { aGuardedClient, aProxy } from '../../test/a-guarded-client.js';
import { useClosing } from '../../test/use-closing.js';

const tls = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/tls.json'), 'utf8')) as Record<
  'ca' | 'key' | 'valid',
  string
>;
const PUBLIC = '93.184.215.14';

let proxy: SocksServer;
let receiver: Loopback;
const opened = useClosing();

beforeEach(async () => {
  proxy = opened(await SocksServer.start());
  receiver = opened(await Loopback.http((request, response) => response.end(request.headers.host)));
});

function client(url: string, options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return opened(
    aGuardedClient({
      proxy: () => aProxy(url),
      exemptProxy: () => aProxy(url),
      lookup: new Names({ 'cdn.acme.io': [PUBLIC] }).lookup,
      ...options,
    }),
  );
}

const post = (from: GuardedClient, url: string): Promise<PostAnswer> =>
  from.post(url, { headers: {}, body: '{}', deadlineMs: 10_000, maxAnswerBytes: 1_024 });

describe.each(['socks5', 'socks5h'] as const)('a call through %s', (scheme) => {
  it.each(['ipv4', 'ipv6', 'name'] as const)('asks it for the judged address (bound to %s)', async (bound) => {
    proxy.bound = bound;
    const answer = await post(client(proxy.url(scheme)), receiver.url('cdn.acme.io'));
    expect(answer.status).toBe(200);
    expect(answer.head.toString()).toBe(`cdn.acme.io:${receiver.port}`);
    expect(proxy.asked).toEqual([`${PUBLIC}:${receiver.port}`]);
    expect(proxy.logins).toEqual([]);
  });

  it('asks for addresses of version 6 as well', async () => {
    const { lookup } = new Names({ 'cdn.acme.io': ['2606:2800:21f:cb07:6820:80da:af6b:8b2c'] });
    await expect(post(client(proxy.url(scheme), { lookup }), receiver.url('cdn.acme.io'))).resolves.toMatchObject({
      status: 200,
    });
    expect(proxy.asked).toEqual([`2606:2800:21f:cb07:6820:80da:af6b:8b2c:${receiver.port}`]);
  });

  it('speaks TLS with the target itself, under its own name', async () => {
    const secure = await Loopback.https({ cert: tls.valid, key: tls.key }, (_request, response) =>
      response.end('secret'),
    );
    const { lookup } = new Names({ 'hooks.acme.io': [PUBLIC], 'other.acme.io': [PUBLIC] });
    const trusting = client(proxy.url(scheme), { lookup, ca: tls.ca });
    expect((await post(trusting, secure.url('hooks.acme.io'))).head.toString()).toBe('secret');
    await expect(post(trusting, secure.url('other.acme.io'))).rejects.toMatchObject({ kind: 'tls', phase: 'connect' });
    await secure.close();
  });

  it('carries the name and password that the URL has', async () => {
    proxy.login = { username: 'al@ice', password: 'p:w' };
    const made = client(proxy.url(scheme, 'al%40ice:p%3Aw'));
    await expect(post(made, receiver.url('cdn.acme.io'))).resolves.toMatchObject({ status: 200 });
    expect(proxy.logins).toEqual(['al@ice p:w']);
  });

  it.each([
    ['a private address', '127.0.0.1', []],
    ['the metadata service', '169.254.169.254', []],
    ['a mapped address', '[::ffff:7f00:1]', []],
    ['a name that leads outside and inside', 'rebind.acme.io', [PUBLIC, '127.0.0.1']],
    ['a name that is reserved', 'proxy.internal', [PUBLIC]],
  ])('never begins for %s', async (_what, host, addresses) => {
    const { lookup } = new Names({ [host]: addresses });
    const made = client(proxy.url(scheme), { lookup });
    await expect(post(made, `http://${host}/`)).rejects.toMatchObject({ kind: 'blocked' });
    expect(proxy.asked).toEqual([]);
  });
});

describe('the origin that an operator configured', () => {
  const at = (scheme: 'socks5' | 'socks5h', names: Record<string, string[]>): Promise<PostAnswer> => {
    const origin = `http://mj.lan:${receiver.port}`;
    const { lookup } = new Names(names);
    return post(client(proxy.url(scheme), { lookup, exemptOrigins: () => new Set([origin]) }), `${origin}/a`);
  };

  it('is asked for by its name of socks5h', async () => {
    await expect(at('socks5h', {})).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`mj.lan:${receiver.port}`]);
  });

  it('is asked for by the address that it has here of socks5, whatever that is', async () => {
    await expect(at('socks5', { 'mj.lan': ['10.0.0.7'] })).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`10.0.0.7:${receiver.port}`]);
    await expect(at('socks5', {})).rejects.toMatchObject({ kind: 'dns' });
  });
});

describe('a proxy that does not help', () => {
  it.each([
    ['one that gets through to nobody', { reply: 5 }, 'PROXY_REPLY_5'],
    ['one that demands a login', { login: { username: 'a', password: 'b' } }, 'PROXY_LOGIN'],
  ])('is a failed connection: %s', async (_what, faults, detail) => {
    Object.assign(proxy, faults);
    const call = post(client(proxy.url()), receiver.url('cdn.acme.io'));
    await expect(call).rejects.toMatchObject({ kind: 'connect', phase: 'connect', detail });
    await proxy.drained();
    expect(receiver.connections).toBe(0);
  });

  it('is a failed connection where the password is wrong', async () => {
    proxy.login = { username: 'a', password: 'b' };
    const call = post(client(proxy.url('socks5', 'a:wrong')), receiver.url('cdn.acme.io'));
    await expect(call).rejects.toMatchObject({ kind: 'connect', detail: 'PROXY_LOGIN' });
    await proxy.drained();
  });

  it('is a failed connection where nobody listens', async () => {
    const made = client('socks5://127.0.0.1:1');
    await expect(post(made, receiver.url('cdn.acme.io'))).rejects.toMatchObject({ kind: 'connect', phase: 'connect' });
  });

  it('is passed by for the next address where it does not get through to one', async () => {
    proxy.unreachable.add('93.184.215.15');
    const { lookup } = new Names({ 'cdn.acme.io': ['93.184.215.15', PUBLIC] });
    const made = client(proxy.url(), { lookup });
    await expect(post(made, receiver.url('cdn.acme.io'))).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`93.184.215.15:${receiver.port}`, `${PUBLIC}:${receiver.port}`]);
  });

  describe.each(['greeting', 'login', 'request'] as const)('at its %s', (step) => {
    beforeEach(() => {
      proxy.login = { username: 'a', password: 'b' };
    });

    it.each([
      ['close', 'PROXY_CLOSED'],
      ['noise', step === 'login' ? 'PROXY_LOGIN' : 'PROXY_VERSION'],
    ] as const)('ends the call by %s', async (by, detail) => {
      proxy.stuckAt = { step, by };
      const call = post(client(proxy.url('socks5', 'a:b')), receiver.url('cdn.acme.io'));
      await expect(call).rejects.toMatchObject({ kind: 'connect', phase: 'connect', detail });
      await proxy.drained();
    });

    it('ends the call with the time to connect where it is silent, and leaves no connection', async () => {
      proxy.stuckAt = { step, by: 'silence' };
      const made = client(proxy.url('socks5', 'a:b'), { connectMs: 200 });
      const call = post(made, receiver.url('cdn.acme.io'));
      await expect(call).rejects.toMatchObject({ kind: 'timeout', phase: 'connect' });
      await proxy.drained();
    });

    it('does not keep a download that is given up', async () => {
      proxy.stuckAt = { step, by: 'silence' };
      const made = client(proxy.url('socks5', 'a:b'), { connectMs: 200 });
      const giveUp = new AbortController();
      const terms = { deadlineMs: 60_000, maxBytes: 10, maxHops: 0, accept: '*/*', signal: giveUp.signal } as const;
      const call = made.download(receiver.url('cdn.acme.io'), terms);
      giveUp.abort();
      await expect(call).rejects.toMatchObject({ kind: 'aborted' });
      await proxy.drained();
    });
  });
});
