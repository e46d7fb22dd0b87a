import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ProxyServer } from '../../../../test/support/proxy-server.js';
import { until } from '../../../../test/support/until.js';
import { parseProxyUrl, type OutboundProxy } from '#libs/net';
import { reply, ScriptedServer } from '../../test/scripted-server.js';
import { imagine } from '../../test/commands.js';
import { SUBMIT_CONTEXT, target } from '../../test/target.js';
import { useScriptedUpstream } from '../../test/use-scripted-upstream.js';
import type { Outcome } from '../port/outcome.js';
import type { UpstreamTarget } from '../port/upstream-adapter.js';
import { UpstreamHttp } from './upstream-http.js';
import { MidjourneyProxyAdapter } from '../midjourney-proxy/midjourney-proxy.adapter.js';

const ACCEPTANCE = JSON.stringify({ code: 1, description: '提交成功', result: '17' });
const ACCEPTED: Outcome = { kind: 'accepted', upstreamTaskIds: ['17'] };
const MIB = 1024 * 1024;

const { server, adapter, up } = useScriptedUpstream(
  (http) => new MidjourneyProxyAdapter(http),
  {},
  { userAgent: 'Gateway/1' },
);

const submit = (to: UpstreamTarget = up): Promise<Outcome> => adapter.submit(to, imagine('a fox'), SUBMIT_CONTEXT);

/** Answers with bytes in a coding. */
function coded(body: Buffer, headers: Record<string, string>, status = 200): void {
  server.script = (_received, response) => void response.writeHead(status, headers).end(body);
}

describe('the User-Agent', () => {
  it("is the gateway's, or the upstream's own, in every call", async () => {
    for (const userAgent of [null, 'Mozilla/5.0 (X11)']) {
      const named = { ...up, userAgent };
      await submit(named);
      server.script = reply([]);
      await Promise.all([adapter.fetchMany(named, ['17']), adapter.listRecent(named), adapter.probe(named)]);
      await adapter.fetch(named, '17');
      server.script = reply({ code: 1, result: '4711' });
      await Promise.all([adapter.seed(named, '17'), adapter.cancel(named, '17')]);
      const names = server.received.splice(0).map(({ headers }) => headers['user-agent']);
      expect(new Set(names)).toEqual(new Set([userAgent ?? 'Gateway/1']));
      expect(names).toHaveLength(7);
    }
  });
});

describe('calls where descriptors are few', () => {
  it('are so many at a time to all upstreams together, and leave no connection behind', async () => {
    const other = await ScriptedServer.start();
    const few = new MidjourneyProxyAdapter(
      new UpstreamHttp({ userAgent: 'Gateway/1', mostCalls: 4, keepsConnections: false }),
    );
    let [open, most] = [0, 0];
    for (const one of [server, other]) {
      one.script = (_received, response) => {
        most = Math.max(most, (open += 1));
        setTimeout(() => {
          open -= 1;
          response.end(ACCEPTANCE);
        }, 20);
      };
    }
    const targets = Array.from({ length: 12 }, (_, at) => target({ baseUrl: (at % 2 ? server : other).origin }));
    const sent = targets.map((to) => few.submit(to, imagine('a fox'), SUBMIT_CONTEXT));
    expect(await Promise.all(sent)).toEqual(Array(12).fill(ACCEPTED));
    expect(most).toBe(3);
    await Promise.all([server.drained(), other.drained()]);
    expect(server.received.concat(other.received).map(({ headers }) => headers.connection)).toEqual(
      Array(12).fill('close'),
    );
    await few.close();
    await other.close();
  });

  it('began nothing where none of them had room in time, and reads have room of their own', async () => {
    const few = new MidjourneyProxyAdapter(
      new UpstreamHttp({ userAgent: 'Gateway/1', mostCalls: 2, keepsConnections: false }),
    );
    server.script = () => undefined;
    const held = few.submit(up, imagine('a fox'), SUBMIT_CONTEXT);
    await until('the first', () => (server.received.length === 1 ? true : null));
    const late = few.submit({ ...up, submitTimeoutMs: 20 }, imagine('a fox'), SUBMIT_CONTEXT);
    await expect(late).resolves.toEqual({ kind: 'nothing_done', fault: 'connect' });
    expect(server.received).toHaveLength(1);
    server.script = reply([]);
    await expect(few.fetchMany(up, ['17'])).resolves.toEqual([]);
    await few.close();
    await expect(held).resolves.toMatchObject({ kind: 'unknown' });
  });
});

describe('an answer that is compressed although the request did not accept it', () => {
  it.each([
    ['gzip', gzipSync(ACCEPTANCE)],
    ['deflate', deflateSync(ACCEPTANCE)],
    ['br', brotliCompressSync(ACCEPTANCE)],
  ])('is read: %s', async (encoding, body) => {
    coded(body, { 'content-encoding': encoding });
    await expect(submit()).resolves.toEqual(ACCEPTED);
    expect(server.received[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('is read without a content type, with a byte order mark, and in another charset', async () => {
    coded(gzipSync(ACCEPTANCE), {});
    await expect(submit()).resolves.toEqual(ACCEPTED);
    coded(Buffer.from(`\ufeff${ACCEPTANCE}`), {});
    await expect(submit()).resolves.toEqual(ACCEPTED);
    coded(Buffer.from(ACCEPTANCE, 'utf16le'), { 'content-type': 'application/json; charset=utf-16le' });
    await expect(submit()).resolves.toEqual(ACCEPTED);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(64 * MIB))],
    ['br', brotliCompressSync(Buffer.alloc(64 * MIB))],
    ['gzip', Buffer.from('no gzip')],
    ['klingon', Buffer.from(ACCEPTANCE)],
  ])('is unreadable where it cannot be read, or is too long: %s', async (encoding, body) => {
    coded(body, { 'content-encoding': encoding });
    await expect(submit()).resolves.toEqual({ kind: 'unknown', fault: 'unreadable' });
    await expect(adapter.fetchMany(up, ['17'])).rejects.toMatchObject({ fault: 'unreadable' });
  });

  it('declines all the same where only its words cannot be read', async () => {
    coded(Buffer.from('no gzip'), { 'content-encoding': 'gzip' }, 401);
    await expect(submit()).resolves.toMatchObject({ kind: 'nothing_done', fault: 'unauthorized' });
  });
});

describe('an answer that leads elsewhere', () => {
  it('names the target without parts that may be secrets', async () => {
    server.script = reply('', 308, { location: '//other.test:8443/mj/task/list-by-condition?token=s3cret#x' });
    await expect(adapter.probe(up)).rejects.toMatchObject({
      fault: 'redirected',
      redirectsTo: 'http://other.test:8443/mj/task/list-by-condition',
    });
  });

  it.each(['mailto:a@b.c', 'http://', ''])('says nothing of a place that is none: %j', async (location) => {
    server.script = reply('', 302, { location });
    await expect(adapter.probe(up)).rejects.toMatchObject({
      redirectsTo: location === '' ? `${up.baseUrl}/mj/task/list-by-condition` : null,
    });
  });
});

describe('an upstream that asks for time', () => {
  it('says how much', async () => {
    server.script = reply('', 429, { 'retry-after': '7' });
    await expect(submit()).resolves.toEqual({ kind: 'full', retryAfterMs: 7_000 });
    await expect(adapter.fetchMany(up, ['17'])).rejects.toMatchObject({ fault: 'status_4xx', retryAfterMs: 7_000 });
    server.script = reply({ code: 23, description: '队列已满' }, 200, { 'retry-after': 'soon' });
    await expect(submit()).resolves.toEqual({ kind: 'full' });
  });
});

describe('an upstream behind a proxy', () => {
  let proxy: ProxyServer;
  beforeEach(async () => {
    proxy = await ProxyServer.start();
  });
  afterEach(() => proxy.close());

  function through(url: string): OutboundProxy {
    const parsed = parseProxyUrl(url);
    if (parsed === null) throw new Error(url);
    return parsed;
  }

  it('is called through it, by its name, with the secret for it alone', async () => {
    const baseUrl = `http://mj.hidden:${new URL(server.origin).port}`;
    const behind = { ...up, baseUrl, secret: 's3cret', proxy: through(proxy.url('al:pw')) };
    await expect(submit(behind)).resolves.toEqual(ACCEPTED);
    server.script = reply([]);
    await expect(adapter.fetchMany(behind, ['17'])).resolves.toEqual([]);
    expect(proxy.asked).toEqual([baseUrl.slice(7), baseUrl.slice(7)]);
    expect(proxy.authorizations).toEqual(Array(2).fill(`Basic ${Buffer.from('al:pw').toString('base64')}`));
    expect(server.received.map(({ headers }) => [headers.host, headers['mj-api-secret']])).toEqual(
      Array(2).fill([baseUrl.slice(7), 's3cret']),
    );
    for (const { headers } of server.received) expect(headers).not.toHaveProperty('proxy-authorization');
  });

  it('has got nothing where the proxy does not help', async () => {
    for (const answers of [407, 502]) {
      proxy.answers = answers;
      await expect(submit({ ...up, proxy: through(proxy.url()) })).resolves.toEqual({
        kind: 'nothing_done',
        fault: 'connect',
      });
    }
    await expect(submit({ ...up, proxy: through('http://127.0.0.1:1') })).resolves.toMatchObject({ fault: 'connect' });
    expect(server.received).toEqual([]);
  });

  it('may have got it where the proxy breaks off after it was sent', async () => {
    server.script = ({ socket }) => void socket.destroy();
    await expect(submit({ ...up, proxy: through(proxy.url()) })).resolves.toEqual({ kind: 'unknown', fault: 'reset' });
  });

  it('is called through another one, or directly, from the call on that says so', async () => {
    const other = await ProxyServer.start();
    await submit({ ...up, proxy: through(proxy.url()) });
    await submit({ ...up, proxy: through(other.url()) });
    await submit({ ...up, proxy: null });
    expect([proxy.asked.length, other.asked.length, server.received.length]).toEqual([1, 1, 3]);
    await other.close();
  });
});
