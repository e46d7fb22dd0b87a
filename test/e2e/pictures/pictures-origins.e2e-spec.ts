import http, { type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import type { TaskView } from '../../../libs/wire/src/index.js';
import { expectError } from '../../support/expect-error.js';
import { TestGateway } from '../../support/gateway.js';
import { requestRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom', 'latin1'), Buffer.alloc(4_000, 7)]);
const HTML = Buffer.from('<!DOCTYPE html><html><script>alert(document.domain)</script></html>');
const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>');
const GIF_SCRIPT = Buffer.from('GIF89a/*xxxxxxxxxxxxxxxx*/=1;alert(1)//xxxxxxxxxxxx');

/** Where the upstream says its pictures are: everything that may come from there, through the whole gateway. */
describe('pictures from an origin', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let origin: http.Server;
  let originUrl: string;
  let png: Buffer;
  /** Many of these tasks never end. */
  const environment = { UPSTREAM_MAX_CONCURRENT: '100' };
  const answers = new Map<string, RequestListener>();
  const hits = new Map<string, number>();

  beforeAll(async () => {
    png = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#204060' } })
      .png()
      .toBuffer();
    origin = http.createServer((request, response) => {
      const path = request.url ?? '';
      hits.set(path, (hits.get(path) ?? 0) + 1);
      const answer = answers.get(path);
      if (answer === undefined) response.writeHead(404).end();
      else answer(request, response);
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment,
    });
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    origin.closeAllConnections();
    await new Promise((resolve) => origin.close(resolve));
  });

  const serve = (path: string, body: Buffer, headers: http.OutgoingHttpHeaders = {}): string => {
    answers.set(path, (_, response) => response.writeHead(200, headers).end(body));
    return originUrl + path;
  };

  /** A task that stands as `fields` have it. */
  const task = async (fields: Record<string, unknown>): Promise<TaskView> => {
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    upstream.show(row?.upstream_task_id ?? '', { progress: '100%', ...fields });
    return until('the task', async () => {
      const found = (await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`)).json;
      return found.status === fields['status'] ? found : null;
    });
  };
  const success = (imageUrl: string): Promise<TaskView> => task({ status: 'SUCCESS', imageUrl, buttons: [] });

  interface Got {
    status: number;
    headers: Headers;
    bytes: Buffer;
  }
  const get = async (url: string, init: RequestInit = {}): Promise<Got> => {
    const answer = await fetch(url, init);
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  const seen = (answer: Got): unknown[] => [answer.status, answer.headers.get('content-type')];

  it.each<[string, () => [Buffer, http.OutgoingHttpHeaders]]>([
    ['html', () => [HTML, { 'content-type': 'text/html' }]],
    ['html that says png', () => [HTML, { 'content-type': 'image/png' }]],
    ['html that says nothing', () => [HTML, {}]],
    ['svg', () => [SVG, { 'content-type': 'image/svg+xml' }]],
    ['svg that says png', () => [SVG, { 'content-type': 'image/png' }]],
    ['svg in UTF-16', () => [Buffer.from(`\ufeff${SVG.toString()}`, 'utf16le'), { 'content-type': 'image/png' }]],
    ['svgz', () => [gzipSync(SVG), { 'content-type': 'image/svg+xml' }]],
    ['a gif that is a script', () => [GIF_SCRIPT, { 'content-type': 'image/gif' }]],
    ['a png head and a page', () => [Buffer.concat([png.subarray(0, 33), HTML]), { 'content-type': 'image/png' }]],
    ['a png of two types', () => [png, { 'content-type': 'image/png, text/html' }]],
    ['a png that says html', () => [png, { 'content-type': 'text/html' }]],
    ['a torn png', () => [png.subarray(0, 60), { 'content-type': 'image/png' }]],
    ['gzip', () => [gzipSync(png), { 'content-type': 'image/png', 'content-encoding': 'gzip' }]],
    ['brotli', () => [brotliCompressSync(png), { 'content-type': 'image/png', 'content-encoding': 'br' }]],
    ['deflate', () => [deflateSync(png), { 'content-type': 'image/png', 'content-encoding': 'deflate' }]],
    ['nothing', () => [Buffer.alloc(0), { 'content-type': 'image/png' }]],
  ])('%s is never shown, not as a result and not as a preview', async (name, make) => {
    const [body, headers] = make();
    const url = serve(`/bad-${encodeURIComponent(name)}`, body, headers);
    const [done, running] = await Promise.all([
      success(url),
      task({ status: 'IN_PROGRESS', progress: '50%', imageUrl: url }),
    ]);
    for (const { imageUrl } of [done, running]) {
      const answer = await get(imageUrl);
      expect(seen(answer)).toEqual([502, 'application/json; charset=utf-8']);
      expect(answer.bytes.toString()).toBe('{"code":4,"description":"picture_unavailable","result":null}');
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
    // Neither of the file nor of what is made of it.
    for (const rest of ['/1', '?w=128&format=webp']) expect((await get(done.imageUrl + rest)).status).toBe(502);
  });

  it.each<[string, RequestListener]>([
    [
      'a length over the cap',
      (_, response) => void response.writeHead(200, { 'content-length': 60 * 1024 ** 2 }).flushHeaders(),
    ],
    [
      'less than its length',
      (_, response) =>
        void response.writeHead(200, { 'content-length': png.length + 9 }).write(png, () => response.destroy()),
    ],
    [
      'more than its length',
      (_, response) => void response.writeHead(200, { 'content-length': png.length - 20 }).end(png),
    ],
    ['an error', (_, response) => void response.writeHead(500, { 'content-type': 'text/html' }).end(HTML)],
    [
      'a way into the network',
      (_, response) => void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    ],
    ['a circle', (request, response) => void response.writeHead(302, { location: request.url }).end()],
  ])('%s is no picture', async (name, answer) => {
    const path = `/odd-${encodeURIComponent(name)}`;
    answers.set(path, answer);
    const { imageUrl } = await success(originUrl + path);
    const got = await get(imageUrl);
    expect(seen(got)).toEqual([502, 'application/json; charset=utf-8']);
    expect(got.bytes.toString()).not.toMatch(/alert|127\.0\.0\.1|169\.254/);
  });

  it('an endless preview is cut off, and its connection with it', async () => {
    let ended = false;
    answers.set('/endless', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(png.subarray(0, 60));
      const more = (): void => void (response.write(Buffer.alloc(65_536, 1)) ? setImmediate(more) : undefined);
      response.on('drain', more).on('close', () => (ended = true));
      more();
    });
    const { imageUrl } = await task({ status: 'IN_PROGRESS', progress: '10%', imageUrl: `${originUrl}/endless` });
    expect((await get(imageUrl)).status).toBe(502);
    await until('the end of the connection', () => (ended ? true : null));
  });

  it('200 who ask at once cost the origin one request, for a preview and for a result', async () => {
    const waiting: (() => void)[] = [];
    const slow = (path: string): string => {
      answers.set(path, (_, response) => void waiting.push(() => response.writeHead(200).end(png)));
      return originUrl + path;
    };
    const running = await task({ status: 'IN_PROGRESS', progress: '20%', imageUrl: slow('/cold-preview') });
    const done = await success(slow('/cold-result'));
    const sent = [running, done].flatMap(({ imageUrl }) => Array.from({ length: 200 }, () => get(imageUrl)));
    await until('both requests', () => (waiting.length === 2 ? true : null));
    for (const answer of waiting) answer();
    const got = await Promise.all(sent);
    expect(new Set(got.map(({ status, bytes }) => `${status} ${bytes.equals(png)}`))).toEqual(new Set(['200 true']));
    expect([hits.get('/cold-preview'), hits.get('/cold-result')]).toEqual([1, 1]);
  });

  it('clients that go away harm nobody: the picture is kept for the next', async () => {
    let answer = (): void => undefined;
    answers.set('/left', (_, response) => (answer = () => void response.writeHead(200).end(png)));
    const { imageUrl } = await success(`${originUrl}/left`);
    const leaving = new AbortController();
    const left = Array.from({ length: 20 }, () => get(imageUrl, { signal: leaving.signal }).catch(() => null));
    await until('the request', () => hits.get('/left') ?? null);
    leaving.abort();
    await Promise.all(left);
    answer();
    expect((await get(imageUrl)).bytes).toEqual(png);
    expect(hits.get('/left')).toBe(1);
  });

  it('a link that has expired is asked for again, and 502 where there is none', async () => {
    const url = `${originUrl}/expired`;
    answers.set('/expired', (_, response) => response.writeHead(403).end('signature expired'));
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'old' });
    const [row] = await gateway.sql<{ upstream_task_id: string }>('select upstream_task_id from task where id = $1', [
      json.result,
    ]);
    const upstreamId = row?.upstream_task_id ?? '';
    upstream.show(upstreamId, { status: 'SUCCESS', progress: '100%', imageUrl: url, buttons: [] });
    const view = await until('the end', async () => {
      const found = (await gateway.get<TaskView>(`/mj/task/${json.result}/fetch`)).json;
      return found.status === 'SUCCESS' ? found : null;
    });
    expect((await get(view.imageUrl)).status).toBe(502);
    upstream.show(upstreamId, { imageUrl: serve('/fresh', png) });
    await until('the fresh link', async () => {
      const { status, bytes } = await get(view.imageUrl);
      return status === 200 ? bytes : null;
    });
    expect((await get(view.imageUrl)).bytes).toEqual(png);
  });

  describe('which a task has', () => {
    const links = (list: readonly { url: string }[] | null | undefined): string[] => (list ?? []).map(({ url }) => url);

    it('four quarters of its own where the upstream names none', async () => {
      const view = await success(serve('/grid', png));
      expect(links(view.imageUrls)).toEqual([1, 2, 3, 4].map((n) => `${gateway.url}/mj/image/${view.id}/${n}`));
      for (const link of links(view.imageUrls)) {
        expect(await sharp((await get(link)).bytes).metadata()).toMatchObject({ width: 32, height: 24 });
      }
      expect((await get(`${gateway.url}/mj/image/${view.id}/5`)).status).toBe(404);
      expect(hits.get('/grid')).toBe(1);
    });

    it("the upstream's own where it names some", async () => {
      const single = await sharp(png).jpeg().toBuffer();
      const view = await task({
        status: 'SUCCESS',
        imageUrl: serve('/own-grid', png),
        imageUrls: [{ url: serve('/own-1', single) }, { url: serve('/own-2', single) }],
        buttons: [],
      });
      expect(links(view.imageUrls)).toHaveLength(2);
      for (const link of links(view.imageUrls)) expect((await get(link)).bytes).toEqual(single);
      expect((await get(view.imageUrl)).bytes).toEqual(png);
    });

    it('videos likewise, and never a picture for a video', async () => {
      const view = await task({
        status: 'SUCCESS',
        action: 'VIDEO',
        videoUrl: serve('/film', MP4, { 'content-type': 'video/mp4' }),
        videoUrls: [{ url: `${originUrl}/film` }, { url: serve('/page', HTML, { 'content-type': 'video/mp4' }) }],
        buttons: [],
      });
      expect(links(view.videoUrls)).toHaveLength(2);
      const [film = '', page = ''] = links(view.videoUrls);
      expect(view.videoUrl).toBe(film);
      const got = await get(film);
      expect([...seen(got), got.bytes.equals(MP4)]).toEqual([200, 'video/mp4', true]);
      expect(seen(await get(page))).toEqual([502, 'application/json; charset=utf-8']);
    });
  });

  it('outlive the process that fetched them, and their origin', async () => {
    const { imageUrl, id } = await success(serve('/kept', png));
    expect((await get(imageUrl)).status).toBe(200);
    answers.delete('/kept');
    const next = await TestGateway.start({ upstreamUrl: upstream.url, environment, replicaOf: gateway });
    try {
      const got = await get(`${next.url}/mj/image/${id}`);
      expect([...seen(got), got.bytes.equals(png)]).toEqual([200, 'image/png', true]);
      expect((await get(`${next.url}/mj/image/${id}/3?w=128&format=webp`)).status).toBe(200);
      expect(hits.get('/kept')).toBe(1);
    } finally {
      await next.close();
    }
  });

  describe('in parts and under conditions', () => {
    let link: string;
    let etag: string;

    beforeAll(async () => {
      link = (await success(serve('/parts', png))).imageUrl;
      etag = (await get(link)).headers.get('etag') ?? '';
    });

    const size = (): number => png.length;
    it.each<[string, () => [number, number] | 'whole' | 'none']>([
      ['bytes=0-0', () => [0, 0]],
      ['bytes=0-', () => [0, size() - 1]],
      ['bytes=10-1000000', () => [10, size() - 1]],
      ['bytes=-1', () => [size() - 1, size() - 1]],
      ['bytes=-1000000', () => [0, size() - 1]],
      ['BYTES=1-2', () => [1, 2]],
      ['bytes=0-1,5-6', () => 'whole'],
      ['bytes=0-10,5-15', () => 'whole'],
      ['bytes=0-,0-,0-,0-', () => 'whole'],
      ['bytes=5-1', () => 'whole'],
      ['bytes=-', () => 'whole'],
      ['bytes=a-b', () => 'whole'],
      ['lines=1-2', () => 'whole'],
      ['bytes=1-2x', () => 'whole'],
      ['bytes=0-99999999999999999999', () => 'whole'],
      ['bytes=-0', () => 'none'],
      ['bytes=99999999-', () => 'none'],
    ])('Range: %s', async (range, expected) => {
      const answer = await get(link, { headers: { range } });
      const wanted = expected();
      if (wanted === 'none') {
        expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${size()}`]);
      } else if (wanted === 'whole') {
        expect([answer.status, answer.headers.get('content-range'), answer.bytes.equals(png)]).toEqual([
          200,
          null,
          true,
        ]);
      } else {
        const [start, end] = wanted;
        expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes ${start}-${end}/${size()}`]);
        expect(answer.bytes).toEqual(png.subarray(start, end + 1));
      }
    });

    it('If-Range, If-None-Match and HEAD', async () => {
      const ask = async (headers: Record<string, string>, method = 'GET'): Promise<unknown[]> => {
        const answer = await get(link, { headers, method });
        return [answer.status, answer.bytes.length];
      };
      const range = 'bytes=0-3';
      expect(await ask({ range, 'if-range': etag })).toEqual([206, 4]);
      expect(await ask({ range, 'if-range': `W/${etag}` })).toEqual([200, png.length]);
      expect(await ask({ range, 'if-range': 'Wed, 21 Oct 2015 07:28:00 GMT' })).toEqual([200, png.length]);
      expect(await ask({ 'if-none-match': etag })).toEqual([304, 0]);
      expect(await ask({ 'if-none-match': `"x", W/${etag}` })).toEqual([304, 0]);
      expect(await ask({ 'if-none-match': '*' })).toEqual([304, 0]);
      expect(await ask({ range, 'if-none-match': etag })).toEqual([304, 0]);
      expect(await ask({}, 'HEAD')).toEqual([200, 0]);
      expect(await ask({ range }, 'HEAD')).toEqual([200, 0]);
      expect(await ask({ 'if-none-match': etag }, 'HEAD')).toEqual([304, 0]);
    });
  });

  it.each([
    '..',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '..%5c..%5cboot.ini',
    '%00',
    '6240000000000001%00.png',
    '%F0%9F%A6%8A',
    "1'%20or%20'1'='1",
    '__proto__',
    '9'.repeat(200),
    '9'.repeat(10_000),
    '-1',
    '0x10',
    '1e15',
    '%D9%A6%D9%A2',
  ])('an id that is none is unknown: %.40s', async (id) => {
    for (const path of [`/mj/image/${id}`, `/mj/image/${id}/1`, `/mj/video/${id}/1`]) {
      expectError(await requestRaw(gateway.url, 'GET', path), 404, 'not_found');
    }
  });
});
