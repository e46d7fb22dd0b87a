import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { TestGateway } from '../../support/gateway.js';

/** Nothing is submitted here. */
const NO_UPSTREAM = 'http://127.0.0.1:9';

describe('Studio as the gateway serves it', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start({ upstreamUrl: NO_UPSTREAM });
  });
  afterAll(() => gateway.close());

  const get = (path: string, headers: Record<string, string> = {}): ReturnType<typeof request> =>
    request(`${gateway.url}${path}`, { headers });

  it('is one page at every path below /studio that names a view', async () => {
    const paths = ['/studio', '/studio/', '/studio/create', '/studio/gallery/6240000000000001', '/studio/tasks?q=fox'];
    const pages = await Promise.all(paths.map((path) => get(path)));
    expect(pages.map(({ statusCode }) => statusCode)).toEqual(paths.map(() => 200));
    const texts = new Set(await Promise.all(pages.map(({ body }) => body.text())));
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain('<base href="/studio/"');
  });

  it('runs no script and loads nothing but what the gateway itself serves', async () => {
    const { headers, body } = await get('/studio');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const html = await body.text();
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('sends its scripts compressed, for ever, and not again where they are known', async () => {
    const html = await (await get('/studio')).body.text();
    const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const sent = await get(`/studio/${script}`, { 'accept-encoding': 'gzip' });
    expect(sent.statusCode).toBe(200);
    expect(sent.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(gunzipSync(await sent.body.bytes()).length).toBeGreaterThan(10_000);
    const again = await get(`/studio/${script}`, {
      'accept-encoding': 'gzip',
      'if-none-match': String(sent.headers['etag']),
    });
    expect(again.statusCode).toBe(304);
    await again.body.dump();
  });

  it('answers 404 in JSON for a script of another build', async () => {
    const { statusCode, headers, body } = await get('/studio/assets/index-gone.js');
    expect(statusCode).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(await body.json()).toMatchObject({ code: 4, description: 'not_found' });
  });

  it('is where a browser that opens the root is sent, and nobody else', async () => {
    const browser = await get('/', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([browser.statusCode, browser.headers['location']]).toEqual([302, '/studio']);
    await browser.body.dump();
    const program = await get('/', { accept: '*/*' });
    expect([program.statusCode, await program.body.json()]).toEqual([
      404,
      expect.objectContaining({ code: 4, description: 'not_found' }),
    ]);
  });

  it('knows the path that a proxy puts before it', async () => {
    const other = await TestGateway.start({
      upstreamUrl: NO_UPSTREAM,
      environment: { PUBLIC_URL: 'https://example.test/pictures/' },
    });
    try {
      expect(await (await request(`${other.url}/studio`)).body.text()).toContain('<base href="/pictures/studio/"');
      const root = await request(`${other.url}/`, { headers: { accept: 'text/html' } });
      expect(root.headers['location']).toBe('/pictures/studio');
      await root.body.dump();
    } finally {
      await other.close();
    }
  });

  it('is not there with STUDIO=off', async () => {
    const other = await TestGateway.start({ upstreamUrl: NO_UPSTREAM, environment: { STUDIO: 'off' } });
    try {
      for (const path of ['/', '/studio', '/studio/create', '/studio/icon.svg']) {
        const { statusCode, body } = await request(`${other.url}${path}`, { headers: { accept: 'text/html' } });
        expect([path, statusCode]).toEqual([path, 404]);
        await body.dump();
      }
    } finally {
      await other.close();
    }
  });
});
