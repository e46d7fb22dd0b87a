import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http, { type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import net from 'node:net';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Connections } from '../../../apps/gateway/src/traffic/connections.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const PATHS = [
  '/docs',
  '/docs/',
  '/docs/index.html',
  '/docs-json',
  '/docs/swagger-ui-init.js',
  '/docs/swagger-ui.css',
  '/docs/swagger-ui-bundle.js',
  '/docs/favicon-32x32.png',
];

/** What is the same for everybody: made once, compressed once, and sent again only where it has changed. */
describe('the documentation', () => {
  const { gateway } = useGateway();

  interface Got {
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
  }
  /** As it comes: fetch would decode it. */
  const get = async (path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Got> => {
    const request = http.request(gateway.url + path, { method, headers, agent: false }).end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
  };
  const hash = (body: Buffer): string => createHash('sha256').update(body).digest('hex');

  it.each(PATHS)('%s is the same in every coding, each under a name of its own', async (path) => {
    const plain = await get(path);
    const br = await get(path, { 'accept-encoding': 'gzip, deflate, br' });
    const gzip = await get(path, { 'accept-encoding': 'gzip;q=1, br;q=0' });
    expect([plain.status, plain.headers['content-encoding']]).toEqual([200, undefined]);
    const decoded = (got: Got): Buffer => {
      if (got.headers['content-encoding'] === 'br') return brotliDecompressSync(got.body);
      return got.headers['content-encoding'] === 'gzip' ? gunzipSync(got.body) : got.body;
    };
    expect([hash(decoded(br)), hash(decoded(gzip))]).toEqual([hash(plain.body), hash(plain.body)]);
    for (const got of [plain, br, gzip]) {
      expect(got.headers).toMatchObject({ vary: expect.stringContaining('accept-encoding'), etag: expect.any(String) });
      expect(got.headers['content-length']).toBe(String(got.body.length));
    }
    if (plain.body.length > 2_000 && !path.endsWith('.png')) {
      expect([br.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip']);
      expect(br.body.length).toBeLessThan(plain.body.length / 2);
      expect(new Set([plain, br, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
    }
  });

  it.each(PATHS)('%s is not sent again to who has it', async (path) => {
    for (const coding of ['identity', 'gzip', 'br']) {
      const first = await get(path, { 'accept-encoding': coding });
      const again = await get(path, { 'accept-encoding': coding, 'if-none-match': first.headers.etag });
      expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, first.headers.etag]);
      expect(again.headers.vary).toContain('accept-encoding');
      const head = await get(path, { 'accept-encoding': coding }, 'HEAD');
      expect([head.status, head.body.length, head.headers['content-length']]).toEqual([
        200,
        0,
        first.headers['content-length'],
      ]);
    }
  });

  it.each(['', 'identity', 'zstd', '*;q=0', 'gzip;q=0', ' , ;q=x', 'x'.repeat(4_000)])(
    'is sent as it is to who can read nothing else: %j',
    async (coding) => {
      const { status, headers } = await get('/docs-json', { 'accept-encoding': coding });
      expect([status, headers['content-encoding']]).toEqual([200, undefined]);
    },
  );

  it('is what openapi.json holds, for the paths that there are', async () => {
    const { body } = await get('/docs-json');
    const { openapi, paths } = JSON.parse(body.toString()) as { openapi: string; paths: object };
    expect(openapi).toMatch(/^3\./);
    expect(Object.keys(paths).length).toBeGreaterThan(40);
  });

  it('is sent with the licence of what it is made of nowhere, and nothing of ours', async () => {
    expect((await get('/docs/LICENSE')).status).toBe(404);
    expect((await get('/docs/package.json')).status).toBe(404);
    expect(hash((await get('/docs/swagger-ui.css')).body)).toBe(
      hash(await readFile('node_modules/swagger-ui-dist/swagger-ui.css')),
    );
  });

  it('costs next to nothing where 3,000 are asked for on a connection that is not read', async () => {
    const { hostname, port } = new URL(gateway.url);
    const connections = gateway.app.get(Connections);
    const socket = net.connect(Number(port), hostname);
    socket.on('error', () => undefined).pause();
    await once(socket, 'connect');
    socket.write('GET /docs-json HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(3_000));
    await until('requests that wait', () => (connections.waiting > 0 ? true : null));
    // What the kernel takes of the first answers; then it stands still, and others are answered.
    for (let count = 0; count < 20; count += 1) expect((await gateway.get('/mj/task/list')).status).toBe(200);
    expect(connections.underWay).toBeLessThanOrEqual(5);
    socket.destroy();
    await until('their end', () => (connections.waiting + connections.underWay === 0 ? true : null));
  });
});
