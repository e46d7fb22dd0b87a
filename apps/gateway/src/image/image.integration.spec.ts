import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createHash } from 'node:crypto';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { ASSET_DEFAULTS, AssetsModule, CONVERTER_DEFAULTS, DiskImageStore, PictureReader } from '#libs/assets';
import { SecretBox, Database, type Statement, databaseScheduler } from '#libs/database';
import { EgressPolicy } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { TaskRepository } from '#libs/tracking';
import { UpstreamAdapter, UpstreamCache } from '#libs/upstream';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { ENVIRONMENT } from '../config/environment.module.js';
import { validationPipe } from '../http/request-body/body.pipe.js';
import { MjErrorFilter } from '../http/errors/mj-error.filter.js';
import { Connections } from '../traffic/connections.js';
import { ReadPermits } from '../traffic/read-permits.js';
import { ResourceGauges } from '../traffic/resource-gauges.js';
import { ImageModule } from './image.module.js';
import { UpstreamLinkRefresher } from './upstream-link-refresher.js';

interface TaskRow {
  status: string;
  imageUrl?: string;
  pictureCount?: number;
  picturesFrom?: 'crop' | 'upstream';
  withheld?: number[];
  prompt?: string;
  videoCount?: number;
  assets?: { kind: 'image' | 'video'; n: number; url: string }[];
}

/** What was asked, and what its route says of itself. */
const routes = new Map<string, object>();
const hits = new Map<string, number>();
const answers = new Map<string, RequestListener>();
/** What the upstream says of a task when it is asked. */
let snapshot: { imageUrl: string | null; imageUrls: (string | null)[]; videoUrls: string[] } | null = null;

let origin: Server;
let originUrl: string;
let database: Database;
let dropDatabase: () => Promise<void>;
let folder: string;
let app: NestFastifyApplication;
let base: string;
let png: Buffer;
let nextId = 6_240_000_000_000_000;

beforeAll(async () => {
  png = await sharp({
    create: {
      width: 600,
      height: 400,
      channels: 3,
      background: '#204060',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  })
    .png()
    .toBuffer();
  origin = createServer((request, response) => {
    const path = request.url ?? '';
    hits.set(path, (hits.get(path) ?? 0) + 1);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
  const made = await createTestDatabase();
  dropDatabase = () => made.drop();
  database = new Database({ url: made.url, connections: { http: 4, work: 4 }, statementTimeoutMs: 10_000 });
  folder = await mkdtemp(join(tmpdir(), 'journeyman-image-'));
  await sql("insert into api_key (name, prefix, key_hash) values ('t', 't', decode(repeat('00', 32), 'hex'))");
  await sql("insert into upstream (name, base_url) values ('u', 'http://upstream.example')");
  app = await createApp();
  base = await app.getUrl();
});

afterAll(async () => {
  await app?.close();
  origin?.closeAllConnections();
  await new Promise((resolve) => origin?.close(resolve));
  await database?.close();
  await dropDatabase?.();
  await rm(folder, { recursive: true, force: true });
});

async function createApp(): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: database },
      { provide: JobScheduler, useValue: databaseScheduler(database) },
      { provide: TaskRepository, useValue: new TaskRepository(database) },
      { provide: UpstreamCache, useValue: { originOf: () => originUrl, find: (id: string) => ({ id }) } },
      { provide: UpstreamAdapter, useValue: { fetch: () => Promise.resolve(snapshot) } },
      { provide: SecretBox, useValue: new SecretBox(Buffer.alloc(32, 1)) },
      { provide: ENVIRONMENT, useValue: { IMAGE_LINKS: 'open' } },
      { provide: ResourceGauges, useValue: new ResourceGauges() },
      { provide: ReadPermits, useValue: new ReadPermits() },
    ],
    exports: [
      Database,
      JobScheduler,
      TaskRepository,
      UpstreamCache,
      UpstreamAdapter,
      SecretBox,
      ENVIRONMENT,
      ResourceGauges,
      ReadPermits,
    ],
  })
  class Surroundings {}
  const assets = AssetsModule.forRootAsync({
    inject: [TaskRepository, UpstreamCache, UpstreamAdapter],
    useFactory: (...upstreams: ConstructorParameters<typeof UpstreamLinkRefresher>) => ({
      links: new UpstreamLinkRefresher(...upstreams),
      assets: { ...ASSET_DEFAULTS, enabled: false, waitMs: 1_500 },
      store: new DiskImageStore(folder),
      egress: new EgressPolicy(),
      converter: CONVERTER_DEFAULTS,
      userAgent: 'journeyman-test',
    }),
  });
  const module = await Test.createTestingModule({
    imports: [Surroundings, assets, { module: ImageModule, imports: [assets] }],
  }).compile();
  const connections = new Connections();
  const { serverFactory } = connections;
  // Each test is a visitor of its own, as behind a trusted proxy.
  const adapter = new FastifyAdapter({ trustProxy: true, serverFactory });
  const made = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  const fastify = made.getHttpAdapter().getInstance();
  connections.install(fastify);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { method, config } = request.routeOptions;
    routes.set(`${String(method)} ${request.url}`, config);
    done();
  });
  made.useGlobalFilters(new MjErrorFilter());
  made.useGlobalPipes(validationPipe());
  await made.listen(0, '127.0.0.1');
  return made;
}

function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const statement = { name: undefined, pool: 'work', text } as unknown as Statement;
  return database.run<Row>(statement, values);
}

function serve(path: string, body: Buffer, type = 'image/png'): string {
  answers.set(path, (_, response) => response.writeHead(200, { 'content-type': type }).end(body));
  return originUrl + path;
}

async function task(row: TaskRow): Promise<string> {
  nextId += 1;
  const id = String(nextId);
  const isOver = ['SUCCESS', 'FAILURE', 'CANCEL'].includes(row.status);
  const failCode = row.status === 'FAILURE' ? 'timeout' : row.status === 'CANCEL' ? 'cancelled' : null;
  await sql(
    `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, upstream_id, upstream_task_id,
        finished_at, fail_code, image_url, picture_count, pictures_from, video_count, withheld,
        prompt)
      select $1::bigint, k.id, 'IMAGINE', 'FAST', 'MID_JOURNEY', $2, $3, 'http://localhost', u.id, $1::text,
        case when $4 then now() end, $5, $6, $7, $8, $9, $10::smallint[], $11 from api_key k, upstream u`,
    [
      id,
      row.status,
      isOver ? 100 : 50,
      isOver,
      failCode,
      row.imageUrl ?? null,
      row.pictureCount ?? 0,
      row.picturesFrom ?? null,
      row.videoCount ?? 0,
      row.withheld ?? null,
      row.prompt ?? '',
    ],
  );
  for (const { kind, n, url } of row.assets ?? []) {
    await sql('insert into asset (task_id, kind, n, upstream_id, source_url) select $1, $2, $3, id, $4 from upstream', [
      id,
      kind,
      n,
      url,
    ]);
  }
  return id;
}

function grid(url: string): Promise<string> {
  return task({ status: 'SUCCESS', pictureCount: 4, picturesFrom: 'crop', assets: [{ kind: 'image', n: 0, url }] });
}

interface Got {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
  json: { code: number; description: string };
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(base + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        const isJson = response.headers['content-type']?.startsWith('application/json') === true && body.length > 0;
        const json = (isJson ? JSON.parse(String(body)) : { code: 0, description: '' }) as Got['json'];
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body, json });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('GET /mj/image/{id}', () => {
  it('serves a finished picture for ever, with everything a browser needs to be safe', async () => {
    const id = await grid(serve('/a', png, 'application/octet-stream'));
    const { status, headers, body } = await get(`/mj/image/${id}`);
    expect(status).toBe(200);
    expect(body).toEqual(png);
    expect(headers).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'content-disposition': `inline; filename="${id}.png"`,
    });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none';.*sandbox$/);
    expect(headers.etag).toBe(`"${createHash('sha256').update(png).digest('hex').slice(0, 32)}"`);
  });

  it('is open to anyone, HEAD too', async () => {
    for (const method of ['GET', 'HEAD']) {
      for (const path of ['/mj/image/1', '/mj/image/1/1', '/mj/video/1/1']) {
        expect((await get(path, {}, method)).status).toBe(404);
        expect(routes.get(`${method} ${path}`)).toMatchObject({ public: true });
      }
    }
  });

  it('answers conditions, ranges and HEAD', async () => {
    const id = await grid(serve('/ranges', png));
    const path = `/mj/image/${id}`;
    const whole = await get(path);
    const etag = whole.headers.etag ?? '';
    const same = await get(path, { 'if-none-match': `W/${etag}` });
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, etag]);
    expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200);

    const part = await get(path, { range: 'bytes=10-19' });
    expect(part.status).toBe(206);
    expect(part.headers).toMatchObject({ 'content-range': `bytes 10-19/${png.length}`, 'content-length': '10', etag });
    expect(part.body).toEqual(png.subarray(10, 20));
    const end = await get(path, { range: 'bytes=-5' });
    expect(end.body).toEqual(png.subarray(-5));
    for (const headers of [
      { range: 'bytes=0-1,5-6' },
      { range: 'nonsense' },
      { range: 'bytes=0-1', 'if-range': '"old"' },
    ]) {
      const all = await get(path, headers as Record<string, string>);
      expect([all.status, all.body.length]).toEqual([200, png.length]);
    }
    expect((await get(path, { range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    const beyond = await get(path, { range: `bytes=${png.length}-` });
    expect([beyond.status, beyond.json.description, beyond.headers['content-range']]).toEqual([
      416,
      'range_not_satisfiable',
      `bytes */${png.length}`,
    ]);
    expect(beyond.headers['content-type']).toMatch(/^application\/json/);

    const head = await get(path, {}, 'HEAD');
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect(head.headers).toMatchObject({ 'content-length': String(png.length), 'content-type': 'image/png', etag });
    const unchanged = await get(path, { 'if-none-match': etag }, 'HEAD');
    expect([unchanged.status, unchanged.headers['content-length']]).toEqual([304, undefined]);
    expect((await get(path, {}, 'POST')).status).toBe(404);
  });

  it('cuts a grid, scales and converts, and keeps what it made', async () => {
    const id = await grid(serve('/grid', png));
    const quarter = await get(`/mj/image/${id}/2`);
    expect(await sharp(quarter.body).metadata()).toMatchObject({ format: 'png', width: 300, height: 200 });
    expect(quarter.headers['content-disposition']).toBe(`inline; filename="${id}-2.png"`);
    const small = await get(`/mj/image/${id}/2?w=100&format=webp`);
    expect(await sharp(small.body).metadata()).toMatchObject({ format: 'webp', width: 128 });
    expect(small.headers).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': `inline; filename="${id}-2.webp"`,
    });
    const again = await get(`/mj/image/${id}/2?w=128&format=webp`, { 'if-none-match': small.headers.etag ?? '' });
    expect(again.status).toBe(304);
    const large = await get(`/mj/image/${id}?w=2048`);
    expect(large.body).toEqual(png);
    expect(hits.get('/grid')).toBe(1);
    for (const n of ['0', '5', '-1', '1x', '01', '%31%20'])
      expect((await get(`/mj/image/${id}/${n}`)).status).toBe(404);
  });

  it('answers the number of a withheld picture by name, and the others as ever', async () => {
    const assets = [1, 3].map((n) => ({ kind: 'image' as const, n, url: serve(`/part-${n}`, png) }));
    const given = { status: 'SUCCESS', pictureCount: 3, picturesFrom: 'upstream' as const, withheld: [2] };
    const id = await task({ ...given, assets });
    const gone = await get(`/mj/image/${id}/2`);
    expect([gone.status, gone.json.code, gone.json.description]).toEqual([404, 4, 'picture_withheld']);
    for (const n of [1, 3]) expect((await get(`/mj/image/${id}/${n}.png`)).body).toEqual(png);
    expect((await get(`/mj/image/${id}/4`)).json.description).toBe('not_found');
  });

  it('cuts a grid of any size by the shape that its prompt asks for, and never wrongly', async () => {
    const assets = [{ kind: 'image' as const, n: 0, url: serve('/draft', png) }];
    const given = {
      status: 'SUCCESS',
      imageUrl: `${originUrl}/draft`,
      pictureCount: 24,
      picturesFrom: 'crop' as const,
    };
    const id = await task({ ...given, prompt: 'a fox --ar 1:1 --draft', assets });
    const part = await get(`/mj/image/${id}/24`);
    expect(part.body).toEqual(
      await sharp(png).extract({ left: 500, top: 300, width: 100, height: 100 }).png().toBuffer(),
    );
    const other = await task({ ...given, prompt: 'a fox --ar 5:1 --draft', assets });
    expect((await get(`/mj/image/${other}/1`)).json.description).toBe('not_found');
    expect((await get(`/mj/image/${other}`)).body).toEqual(png);
  });

  it("serves the upstream's own single pictures as they are", async () => {
    const other = await sharp(png).jpeg().toBuffer();
    const assets = [
      { kind: 'image' as const, n: 0, url: serve('/u-0', png) },
      { kind: 'image' as const, n: 1, url: serve('/u-1', other, 'image/jpeg') },
    ];
    const id = await task({ status: 'SUCCESS', pictureCount: 1, picturesFrom: 'upstream', assets });
    expect((await get(`/mj/image/${id}/1`)).body).toEqual(other);
    expect((await get(`/mj/image/${id}/2`)).status).toBe(404);
  });

  it('serves videos, and no picture where there is none', async () => {
    const mp4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(4_000, 7)]);
    const id = await task({
      status: 'SUCCESS',
      videoCount: 1,
      assets: [{ kind: 'video', n: 1, url: serve('/v', mp4, 'video/mp4') }],
    });
    const video = await get(`/mj/video/${id}/1`, { range: 'bytes=0-99' });
    expect([video.status, video.headers['content-type'], video.body.length]).toEqual([206, 'video/mp4', 100]);
    expect((await get(`/mj/video/${id}/2`)).status).toBe(404);
    expect((await get(`/mj/image/${id}`)).json.description).toBe('not_found');
  });

  it('passes a preview on while the task runs, and lets nobody keep it', async () => {
    const id = await task({ status: 'IN_PROGRESS', imageUrl: serve('/preview', png) });
    const [got, head] = await Promise.all([get(`/mj/image/${id}?v=3`), get(`/mj/image/${id}`, {}, 'HEAD')]);
    expect([got.status, got.headers['cache-control'], got.headers.etag]).toEqual([200, 'no-store', undefined]);
    expect(got.body).toEqual(png);
    expect(got.headers['x-content-type-options']).toBe('nosniff');
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, String(png.length)]);
    // Both at once: one fetch serves whoever asks meanwhile.
    expect(hits.get('/preview')).toBe(1);
    expect((await get(`/mj/image/${id}/1`)).status).toBe(404);
    expect((await get(`/mj/image/${await task({ status: 'SUBMITTED' })}`)).status).toBe(404);
  });

  it.each(['FAILURE', 'CANCEL'])('has no picture of a task in %s', async (status) => {
    const id = await task({ status, imageUrl: serve('/failed', png) });
    const { status: http, json, headers } = await get(`/mj/image/${id}`);
    expect([http, json]).toEqual([404, { code: 4, description: 'not_found', result: null }]);
    expect(headers['cache-control']).toBe('no-store');
  });

  it('refreshes a dead link through the upstream', async () => {
    const id = await grid(`${originUrl}/dead`);
    snapshot = { imageUrl: serve('/alive', png), imageUrls: [], videoUrls: [] };
    expect((await get(`/mj/image/${id}`)).body).toEqual(png);
    snapshot = null;
  });

  it('says 502 for what is no picture and 504 for an origin that is silent, and shows nothing of either', async () => {
    const html = await grid(serve('/html', Buffer.from('<html>secret-host</html>'), 'text/html'));
    const bad = await get(`/mj/image/${html}`);
    expect([bad.status, bad.json]).toEqual([502, { code: 4, description: 'picture_unavailable', result: null }]);
    answers.set('/silent', () => undefined);
    const late = await get(`/mj/image/${await grid(`${originUrl}/silent`)}`);
    expect([late.status, late.json.description]).toEqual([504, 'picture_timeout']);
    const preview = await get(`/mj/image/${await task({ status: 'IN_PROGRESS', imageUrl: `${originUrl}/html` })}`);
    expect([preview.status, preview.json.description]).toEqual([502, 'picture_unavailable']);
  });

  it('says 502 when a kept file has gone', async () => {
    const id = await grid(serve('/kept', png));
    await get(`/mj/image/${id}`);
    const [{ file }] = await sql<{ file: string }>('select file from asset where task_id = $1', [id]);
    await new DiskImageStore(folder).removeWithVariants(file);
    const { status, json } = await get(`/mj/image/${id}`);
    expect([status, json.description]).toEqual([502, 'picture_unavailable']);
  });

  it.each([
    ['?w=0', 'width_is_invalid'],
    ['?w=abc', 'width_is_invalid'],
    ['?w=4096', 'width_is_invalid'],
    ['?w=1&w=2', 'width_is_invalid'],
    ['?format=svg', 'format_is_invalid'],
  ])('refuses %s', async (query, description) => {
    const { status, json } = await get(`/mj/image/${await grid(serve('/q', png))}${query}`);
    expect([status, json.description]).toEqual([400, description]);
  });

  it.each([
    '1',
    'abc',
    '6240000000000000000',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%F0%9F%A6%8A',
    '9'.repeat(90),
    '__proto__',
    ' 6240000000000001',
  ])('knows no picture %s', async (id) => {
    const { status, json } = await get(`/mj/image/${encodeURI(decodeURIComponent(id)).replaceAll('/', '%2f')}`);
    expect([status, json.description]).toEqual([404, 'not_found']);
  });

  it('limits unknown ids per address, and only there', async () => {
    const id = await grid(serve('/limit', png));
    const guess = (at: number): Promise<Got> =>
      get(`/mj/image/${5_000_000_000_000_000 + at}`, { 'x-forwarded-for': '198.51.100.7' });
    const statuses: number[] = [];
    for (let at = 0; at < 61; at += 1) statuses.push((await guess(at)).status);
    expect(statuses).toEqual([...Array<number>(60).fill(404), 429]);
    const refused = await guess(99);
    expect(refused.json.description).toBe('too_many_requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await get(`/mj/image/${id}`, { 'x-forwarded-for': '198.51.100.8' })).status).toBe(200);
    expect((await get('/mj/image/5000000000000000', { 'x-forwarded-for': '198.51.100.8' })).status).toBe(404);
  });

  it('closes the file when the client goes away', async () => {
    const mp4 = Buffer.concat([
      Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'),
      Buffer.alloc(30 * 1_024 * 1_024, 7),
    ]);
    const id = await task({
      status: 'SUCCESS',
      videoCount: 1,
      assets: [{ kind: 'video', n: 1, url: serve('/big', mp4, 'video/mp4') }],
    });
    await get(`/mj/video/${id}/1`, { range: 'bytes=0-0' });
    const read = jest.spyOn(app.get(PictureReader, { strict: false }), 'read');
    await new Promise<void>((resolve, reject) => {
      const sent = httpRequest(`${base}/mj/video/${id}/1`, { agent: false }, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
      sent.on('error', reject).end();
    });
    const stream = await (read.mock.results[0].value as ReturnType<PictureReader['read']>);
    read.mockRestore();
    while (!stream.closed) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(stream.readableEnded).toBe(false);
  });
});
