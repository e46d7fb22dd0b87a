import { once } from 'node:events';
import net from 'node:net';
import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { TaskWatch } from '../../../libs/tracking/src/index.js';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf, sumOf } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { keptPicture, noise } from '../../support/kept-picture.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const REQUESTS = 20;
const PER_KEY = 16;
const PER_ADDRESS = 8;
const DOWNLOADS = 30;
const DOWNLOADS_PER_ADDRESS = 12;

/** What is not read holds no more than its share, and nothing of what others need. */
describe('answers that nobody reads', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let picture: string;
  const open: net.Socket[] = [];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    upstream.picture = await noise(1_400);
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: {
        ADMIN_KEY,
        MAX_REQUESTS: String(REQUESTS),
        MAX_DOWNLOADS: String(DOWNLOADS),
        MAX_DOWNLOADS_PER_ADDRESS: String(DOWNLOADS_PER_ADDRESS),
      },
    });
    picture = await keptPicture(gateway, upstream);
  });

  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    await until('their end', async () => ((await share('requests')) + (await share('downloads')) === 0 ? true : null));
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const metrics = async (): Promise<ReturnType<typeof samplesOf>> =>
    samplesOf((await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } })).text);
  const share = async (name: string): Promise<number> =>
    sumOf(await metrics(), 'journeyman_share_used', { share: name }) ?? NaN;
  const cuts = async (reason: string): Promise<number> =>
    sumOf(await metrics(), 'journeyman_connections_cut_total', { reason }) ?? NaN;

  /** A client at an address that sends this and reads nothing. */
  const deaf = async (bytes: string, localAddress = '127.0.0.1'): Promise<net.Socket> => {
    const { hostname, port } = new URL(gateway.url);
    const socket = net.connect({ host: hostname, port: Number(port), localAddress });
    open.push(socket.on('error', () => undefined).pause());
    await once(socket, 'connect');
    socket.write(bytes);
    return socket;
  };
  const head = (path: string, key = gateway.key): string =>
    `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\n\r\n`;
  /** The status of a whole answer. */
  const statusOf = async (path: string, localAddress = '127.0.0.1'): Promise<number> => {
    const socket = await deaf(head(path).replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), localAddress);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += text.length < 100 ? chunk.toString('latin1') : ''));
    socket.resume();
    await once(socket, 'close');
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
  };

  it('take nothing from the API, and of the downloads no more than one address may', async () => {
    for (let count = 0; count < 3 * DOWNLOADS; count += 1) await deaf(head(picture));
    await until('all that they may', async () => ((await share('downloads')) === DOWNLOADS_PER_ADDRESS ? true : null));
    expect((await gateway.post('/mj/submit/imagine', { prompt: 'meanwhile' })).json).toMatchObject({ code: 1 });
    expect((await gateway.get('/mj/task/list')).status).toBe(200);
    expect(await statusOf(picture, '127.0.0.2')).toBe(200);
    expect((await gateway.get('/health/ready')).status).toBe(200);
  });

  it('give way to whoever comes and reads, at their own address too', async () => {
    for (let at = 2; at < 6; at += 1) {
      for (let count = 0; count < DOWNLOADS; count += 1) await deaf(head(picture), `127.0.0.${at}`);
    }
    const before = await cuts('room');
    await until('a picture', async () => ((await statusOf(picture, '127.0.0.2')) === 200 ? true : null));
    await until('a picture elsewhere', async () => ((await statusOf(picture, '127.0.0.9')) === 200 ? true : null));
    expect(await share('downloads')).toBeLessThanOrEqual(DOWNLOADS);
    expect(await cuts('room')).toBeGreaterThan(before);
  });

  it('of a key take no more than its share of the API', async () => {
    const other = newApiKey();
    await gateway.app.get(ApiKeyCache).ensure('other', other);
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'watched' });
    for (let count = 0; count < REQUESTS; count += 1) await deaf(head(`/mj/task/${json.result}/fetch?wait=60`));
    await until('its share', () => (gateway.app.get(TaskWatch).permitsTaken === PER_KEY ? true : null));
    const refused = await gateway.get('/mj/task/list');
    expect([refused.status, refused.json]).toEqual([429, expect.objectContaining({ code: 30 })]);
    expect((await gateway.get('/mj/task/list', { authorization: `Bearer ${other}` })).status).toBe(200);
    expect((await gateway.get('/health/ready')).status).toBe(200);
  });

  it('of strangers take no more than an address may', async () => {
    // A push is read to its end before its token is looked at.
    const push =
      'POST /mj/notify/1-x HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{';
    for (let count = 0; count < REQUESTS; count += 1) await deaf(push, '127.0.0.3');
    await until('their share', async () => ((await share('requests')) === PER_ADDRESS ? true : null));
    expect(await statusOf('/mj/no/route', '127.0.0.3')).toBe(429);
    expect((await gateway.get('/mj/task/list')).status).toBe(200);
  });

  it('make a replica that refuses everybody not ready, until it does not any more', async () => {
    const other = newApiKey();
    await gateway.app.get(ApiKeyCache).ensure('another', other);
    const wait = async (key: string): Promise<void> => {
      const { json } = await gateway.post<{ result: string }>(
        '/mj/submit/imagine',
        { prompt: 'waits' },
        { authorization: `Bearer ${key}` },
      );
      for (let count = 0; count < REQUESTS / 2; count += 1) {
        await deaf(head(`/mj/task/${json.result}/fetch?wait=60`, key));
      }
    };
    await wait(gateway.key);
    await wait(other);
    await until('all that there is', async () => ((await share('requests')) === REQUESTS ? true : null));
    const refused = await gateway.get('/mj/task/list');
    expect([refused.status, refused.json['description'], refused.headers.get('retry-after')]).toEqual([
      503,
      'overloaded',
      '1',
    ]);
    expect(refused.headers.get('x-request-id')).toEqual(expect.any(String));
    const notReady = await gateway.call('/health/ready', {});
    expect([notReady.status, notReady.json]).toEqual([
      503,
      { status: 'unavailable', problems: ['too many requests are under way'] },
    ]);
    expect((await gateway.call('/health/live', {})).status).toBe(200);
    for (const socket of open.splice(0)) socket.destroy();
    await until('an answer', async () => ((await gateway.get('/mj/task/list')).status === 200 ? true : null));
    await until('to be ready', async () => ((await gateway.call('/health/ready', {})).status === 200 ? true : null));
  });
});
