import { readdir } from 'node:fs/promises';
import net from 'node:net';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { samplesOf } from '../../support/exposition.js';
import { TestGateway } from '../../support/gateway.js';
import { keptPicture, noise } from '../../support/kept-picture.js';
import { waysToLeave, type Leaving } from '../../support/leaving-clients.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

/** Clients that ask and go away: what they held is free again, whichever way they went. */
describe('requests whose client goes away', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let picture: string;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    // More than what the kernel takes of an answer.
    upstream.picture = await noise(1_200);
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { ADMIN_KEY } });
    picture = await keptPicture(gateway, upstream);
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  /** A connection on which these bytes are sent, and nothing is read. */
  const deaf = (bytes: string): Promise<net.Socket> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(gateway.url);
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
      socket.pause().once('error', reject);
      // What is held back by the gateway stays here; it counts as sent.
      socket.once('connect', () => resolve(socket));
    });
  const head = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`;
  const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
  const shares = async (): Promise<Record<string, number>> => {
    const { text } = await gateway.call('/metrics', { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
    const used = samplesOf(text).filter(({ name }) => name === 'journeyman_share_used');
    return Object.fromEntries(used.map(({ labels, value }) => [labels['share'], value]));
  };
  const taken = async (): Promise<Record<string, number>> => ({
    ...(await shares()),
    descriptors: await descriptors(),
  });
  /** Connections that clients keep may have gone since; nothing else, and nothing may have been added. */
  const freeAgain = async (before: Record<string, number>): Promise<void> => {
    let left: unknown = null;
    await until('everything to be free', async () => {
      const now = await taken();
      left = Object.entries(now).filter(([name, value]) => value > (before[name] ?? 0));
      return (left as unknown[]).length === 0 ? true : null;
    }).catch(() => expect(left).toEqual([]));
  };
  const used = async (share: string): Promise<number> => (await shares())[share] ?? NaN;

  it('are counted out: nine connections with 600 pipelined requests each, closed unread', async () => {
    const before = await taken();
    const sockets = await Promise.all(Array.from({ length: 9 }, () => deaf(head('/docs-json').repeat(600))));
    await until('answers to be written', async () => ((await used('requests_waiting')) > 0 ? true : null));
    for (const socket of sockets) socket.destroy();
    await until('an answer for others', async () =>
      (await gateway.get('/mj/task/list')).status === 200 ? true : null,
    );
    await freeAgain(before);
  });

  it('leave every share and every descriptor as they were: 10,000 requests, ended in every way', async () => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'does not end' });
    const ways = waysToLeave({ url: gateway.url, key: gateway.key, picture, task: json.result });
    const leave = async (requests: number): Promise<void> => {
      const left: Leaving[] = [];
      for (let sum = 0, at = 0; sum < requests; at += 1) {
        const way = ways[at % ways.length];
        if (way === undefined) break;
        left.push(way);
        sum += way.requests;
      }
      const lane = async (): Promise<void> => {
        for (let way = left.pop(); way !== undefined; way = left.pop()) await way.run();
      };
      await Promise.all(Array.from({ length: 20 }, lane));
    };
    // Connections to Postgres and upstreams are made when they are first needed, and stay.
    await leave(1_000);
    await until('the end of all of them', async () => ((await used('requests')) <= 1 ? true : null));
    const before = await taken();
    await leave(10_000);
    await freeAgain(before);
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
    expect((await gateway.get('/mj/task/list')).status).toBe(200);
  }, 180_000);

  it('keep no file open: pipelined pictures, closed unread', async () => {
    const before = await descriptors();
    const sockets = await Promise.all(Array.from({ length: 10 }, () => deaf(head(picture).repeat(40))));
    await until('files to be open', async () => ((await descriptors()) > before + 20 ? true : null));
    for (const socket of sockets) socket.destroy();
    await until('every file to be closed', async () => ((await descriptors()) <= before ? true : null));
  });
});
