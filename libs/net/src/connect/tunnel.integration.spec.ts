import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Loopback, Names } from '../../test/loopback.js';
import { ProxyServer } from '../../../../test/support/proxy-server.js';
import { EgressPolicy } from '../policy/egress-policy.js';
import { GuardedClient } from '../client/guarded-client.js';
import type { GuardedClientOptions, PostAnswer } from '../client/guarded-client-options.js';
import { aGuardedClient, aProxy } from '../../test/a-guarded-client.js';
import { useClosing } from '../../test/use-closing.js';

const tls = JSON.parse(readFileSync(join(import.meta.dirname, '../../test/tls.json'), 'utf8')) as Record<
  'ca' | 'key' | 'valid' | 'proxy' | 'proxyKey',
  string
>;
const PUBLIC = '93.184.215.14';

let proxy: ProxyServer;
let receiver: Loopback;
const opened = useClosing();

beforeEach(async () => {
  proxy = opened(await ProxyServer.start());
  receiver = opened(await Loopback.http((request, response) => response.end(request.headers.host)));
});

function client(options: Partial<GuardedClientOptions> = {}): GuardedClient {
  return opened(
    aGuardedClient({
      proxy: () => aProxy(proxy.url()),
      exemptProxy: () => aProxy(proxy.url()),
      ...options,
    }),
  );
}

const post = (from: GuardedClient, url: string): Promise<PostAnswer> =>
  from.post(url, { headers: {}, body: '{}', deadlineMs: 10_000, maxAnswerBytes: 1_024 });

describe('a call through a proxy', () => {
  it('asks it for the judged address, and the target by its name', async () => {
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    const answer = await post(client({ lookup }), receiver.url('cdn.acme.io'));
    expect(answer.status).toBe(200);
    expect(answer.head.toString()).toBe(`cdn.acme.io:${receiver.port}`);
    expect(proxy.asked).toEqual([`${PUBLIC}:${receiver.port}`]);
    expect(proxy.authorizations).toEqual([undefined]);
  });

  it('speaks TLS with the target itself, under its own name', async () => {
    const secure = await Loopback.https({ cert: tls.valid, key: tls.key }, (_request, response) =>
      response.end('secret'),
    );
    const { lookup } = new Names({ 'hooks.acme.io': [PUBLIC], 'other.acme.io': [PUBLIC] });
    const trusting = client({ lookup, ca: tls.ca });
    const answer = await post(trusting, secure.url('hooks.acme.io'));
    expect(answer.head.toString()).toBe('secret');
    await expect(post(trusting, secure.url('other.acme.io'))).rejects.toMatchObject({ kind: 'tls', phase: 'connect' });
    expect(proxy.asked).toEqual([`${PUBLIC}:${secure.port}`, `${PUBLIC}:${secure.port}`]);
    await secure.close();
  });

  it('may speak TLS with the proxy, too', async () => {
    const secure = await ProxyServer.start({ cert: tls.proxy, key: tls.proxyKey });
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    const options = { lookup, ca: tls.proxy, proxy: () => aProxy(secure.url()) };
    await expect(post(client(options), receiver.url('cdn.acme.io'))).resolves.toMatchObject({ status: 200 });
    const doubting = client({ ...options, ca: undefined });
    await expect(post(doubting, receiver.url('cdn.acme.io'))).rejects.toMatchObject({ phase: 'connect' });
    await secure.close();
  });

  it('carries the name and password that the URL has', async () => {
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    await post(client({ lookup, proxy: () => aProxy(proxy.url('al%40ice:p%3Aw')) }), receiver.url('cdn.acme.io'));
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('al@ice:p:w').toString('base64')}`]);
  });

  it('tries the next address where the proxy does not get through to one', async () => {
    proxy.unreachable.add('93.184.215.15');
    const { lookup } = new Names({ 'cdn.acme.io': ['93.184.215.15', PUBLIC] });
    await expect(post(client({ lookup }), receiver.url('cdn.acme.io'))).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`93.184.215.15:${receiver.port}`, `${PUBLIC}:${receiver.port}`]);
  });

  it('leads directly where there is none for now', async () => {
    const direct = client({ proxy: () => null, policy: new EgressPolicy(['127.0.0.1/32']) });
    await expect(post(direct, receiver.origin)).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([]);
  });
});

describe('the guard, before a proxy is asked', () => {
  it.each([
    ['a private address', '127.0.0.1', []],
    ['the metadata service', '169.254.169.254', []],
    ['a mapped address', '[::ffff:7f00:1]', []],
    ['a name that leads inside', 'rebind.acme.io', ['10.0.0.1']],
    ['a name that leads outside and inside', 'rebind.acme.io', [PUBLIC, '127.0.0.1']],
    ['a name that is reserved', 'proxy.internal', [PUBLIC]],
  ])('refuses %s', async (_what, host, addresses) => {
    const { lookup } = new Names({ [host]: addresses });
    await expect(post(client({ lookup }), `http://${host}/`)).rejects.toMatchObject({ kind: 'blocked' });
    expect(proxy.asked).toEqual([]);
  });

  it('refuses a redirect inside', async () => {
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    const sly = await Loopback.http((_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    const download = client({ lookup }).download(sly.url('cdn.acme.io'), {
      deadlineMs: 5_000,
      maxBytes: 10,
      maxHops: 2,
      accept: '*/*',
    });
    await expect(download).rejects.toMatchObject({ kind: 'blocked' });
    expect(proxy.asked).toHaveLength(1);
    await sly.close();
  });

  it('asks nothing of a name that does not exist here', async () => {
    const { lookup } = new Names({});
    await expect(post(client({ lookup }), 'http://gone.acme.io/')).rejects.toMatchObject({ kind: 'dns' });
    expect(proxy.asked).toEqual([]);
  });

  it('does not judge an exempt origin: its name is for the proxy', async () => {
    const { lookup } = new Names({});
    const origin = `http://mj.lan:${receiver.port}`;
    const made = client({ lookup, exemptOrigins: () => new Set([origin]) });
    await expect(post(made, `${origin}/a`)).resolves.toMatchObject({ status: 200 });
    expect(proxy.asked).toEqual([`mj.lan:${receiver.port}`]);
  });
});

describe('a proxy that does not help', () => {
  it.each([403, 407, 502, 503])('is a failed connection: %i', async (status) => {
    proxy.answers = status;
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    await expect(post(client({ lookup }), receiver.url('cdn.acme.io'))).rejects.toMatchObject({
      kind: 'connect',
      phase: 'connect',
      detail: `PROXY_${status}`,
    });
    await proxy.drained();
    expect(receiver.connections).toBe(0);
  });

  it('is a failed connection where nobody listens', async () => {
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    const made = client({ lookup, proxy: () => aProxy('http://127.0.0.1:1') });
    await expect(post(made, receiver.url('cdn.acme.io'))).rejects.toMatchObject({ kind: 'connect', phase: 'connect' });
  });

  it('ends with the time to connect where it is silent, and leaves no connection', async () => {
    proxy.answers = 0;
    const { lookup } = new Names({ 'cdn.acme.io': [PUBLIC] });
    const made = client({ lookup, connectMs: 200 });
    await expect(post(made, receiver.url('cdn.acme.io'))).rejects.toMatchObject({ kind: 'timeout', phase: 'connect' });
    await proxy.drained();
  });
});
