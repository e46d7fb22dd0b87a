import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { TestGateway } from '../../support/gateway.js';
import { HookReceiver } from '../../support/hook-receiver.js';
import { until } from '../../support/until.js';

const COLOURS = ['#ff0000', '#00ff00', '#0000ff', '#ffffff'] as const;
const DARK = '#1f1f1f';

interface View {
  id: string;
  status: string;
  imageUrl: string;
  imageUrls: { url: string }[] | null;
  buttons: { customId: string }[] | null;
  properties: { withheld?: number[] };
  failReason: string;
  failure: { kind: string; refunded: boolean } | null;
  cost: number;
}

/** An upstream that gives pictures singly, some of them moderated away. */
describe('a grid of which an upstream gives no whole picture', () => {
  let server: Server;
  let origin: string;
  let gateway: TestGateway;
  let hooks: HookReceiver;
  let tiles: Buffer[];
  /** The pictures that the next job has; "": withheld. */
  let next: (1 | 2 | 3 | 4 | '')[] = [];
  const jobs = new Map<string, object>();

  beforeAll(async () => {
    tiles = await Promise.all(
      COLOURS.map((background) =>
        sharp({ create: { width: 64, height: 48, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    server = createServer((request, response) => {
      const path = request.url ?? '';
      const tile = /^\/tile-(\d)\.png/.exec(path)?.[1];
      if (tile !== undefined)
        return response.writeHead(200, { 'content-type': 'image/png' }).end(tiles[Number(tile) - 1]);
      request.resume().on('end', () => {
        if (request.method === 'POST') {
          const id = `66f0000000000000000000${String(jobs.size + 10)}`;
          const urls = next.map((n) => (n === '' ? '' : `${origin}/tile-${n}.png`));
          const audits = next.map((n) => (n === '' ? 'a reason' : ''));
          jobs.set(id, { id, text: 'a fox --v 7', urls, audits, status: 2, comment: 'Success', seed: 5 });
          return response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify({ id, status: 1, urls: [] }));
        }
        const job = jobs.get(path.split('/').at(-1) ?? '');
        response
          .writeHead(job === undefined ? 404 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify(job ?? {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    hooks = await HookReceiver.start();
    const environment = { UPSTREAM_KIND: 'youchuan', UPSTREAM_SECRET: 'app|secret' };
    gateway = await TestGateway.start({ upstreamUrl: origin, environment });
  });
  afterAll(async () => {
    await gateway.close();
    await hooks.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const draw = async (pictures: typeof next): Promise<{ view: View; body: string }> => {
    next = pictures;
    const submit = { prompt: 'a fox --v 7', notifyHook: `${hooks.url}/hook`, notifyEvents: 'terminal' };
    const { json } = await gateway.post<{ result: string }>('/mj/submit/imagine', submit);
    return until('the end of the task', async () => {
      const answer = await fetch(`${gateway.url}/mj/task/${json.result}/fetch`, {
        headers: { authorization: `Bearer ${gateway.key}` },
      });
      const body = await answer.text();
      const view = JSON.parse(body) as View;
      return ['SUCCESS', 'FAILURE'].includes(view.status) ? { view, body } : null;
    });
  };
  const coloursOf = async (url: string): Promise<string[]> => {
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 128, height: 96 });
    const { data, info } = await sharp(bytes)
      .resize(2, 2, { kernel: 'nearest', fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    return COLOURS.map((_, at) => `#${data.subarray(at * info.channels, (at + 1) * info.channels).toString('hex')}`);
  };

  it('has one that is composed of four, in their places', async () => {
    const { view } = await draw([1, 2, 3, 4]);
    expect(view.imageUrl).toBe(`${gateway.url}/mj/image/${view.id}`);
    expect(await coloursOf(view.imageUrl)).toEqual([...COLOURS]);
    expect(view.properties).not.toHaveProperty('withheld');
    const small = await fetch(`${view.imageUrl}.png?w=128&format=webp`);
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp']);
  });

  it('keeps the places of pictures that were moderated away, at the full price', async () => {
    const { view, body } = await draw([1, '', 3, 4]);
    expect(view).toMatchObject({ status: 'SUCCESS', properties: { withheld: [2] } });
    expect(view.cost).toBeGreaterThan(0);
    expect(view.imageUrls?.map(({ url }) => url)).toEqual(
      [1, 3, 4].map((n) => `${gateway.url}/mj/image/${view.id}/${n}`),
    );
    expect(await coloursOf(view.imageUrl)).toEqual([COLOURS[0], DARK, COLOURS[2], COLOURS[3]]);
    for (const [at, n] of [1, 3, 4].entries()) {
      const single = await fetch(view.imageUrls?.[at]?.url ?? '');
      expect(Buffer.from(await single.arrayBuffer())).toEqual(tiles[n - 1]);
    }
    const gone = await gateway.get(`/mj/image/${view.id}/2`);
    expect([gone.status, gone.json['code'], gone.json['description']]).toEqual([404, 4, 'picture_withheld']);
    const keys = (view.buttons ?? []).map(({ customId }) => customId);
    expect(keys.some((key) => key.includes('::upsample::1::'))).toBe(true);
    expect(keys.some((key) => /::(?:upsample|variation)::2::/.test(key))).toBe(false);
    const change = { taskId: view.id, action: 'UPSCALE', index: 2 };
    expect((await gateway.post('/mj/submit/change', change)).json['description']).toBe('index_is_required');
    const [told] = await until('the hook', () => (hooks.of(view.id).length > 0 ? hooks.of(view.id) : null));
    expect(told?.raw).toBe(body);
  });

  it('fails at once, refunded, when all were', async () => {
    const { view } = await draw(['', '', '', '']);
    expect(view).toMatchObject({
      status: 'FAILURE',
      failReason: 'Every picture was withheld by moderation',
      failure: { kind: 'upstream_failed', refunded: true },
      cost: 0,
      imageUrl: '',
      imageUrls: null,
    });
  });
});
