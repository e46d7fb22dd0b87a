import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';

const RAW = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const DATA = `data:image/png;base64,${RAW}`;
const PNG = Buffer.from(RAW, 'base64');
const NOISE = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31 + (at >> 7) * 17) & 0xff));
/** Whole, and longer than a piece. */
const LONG = Buffer.concat([PNG.subarray(0, 33), chunk('teXt', NOISE), PNG.subarray(33)]);

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(name, 4, 'latin1');
  return Buffer.concat([head, data, Buffer.alloc(4)]);
}

type Script = (response: ServerResponse) => void;

/** Links in the place of pictures: fetched where upstreams may not take them, before anything is opened or charged. */
describe('linked pictures', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let origin: http.Server;
  let originUrl: string;
  const scripts = new Map<string, Script>();
  const hits = new Map<string, number>();

  beforeAll(async () => {
    origin = http.createServer((request, response) => {
      const path = request.url ?? '';
      hits.set(path, (hits.get(path) ?? 0) + 1);
      const script = scripts.get(path);
      if (script === undefined) response.writeHead(404).end();
      else script(response);
    });
    await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
    originUrl = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    upstream = await ScriptedUpstream.start();
    const accept = upstream.onSubmit;
    upstream.onSubmit = (submit, response) =>
      submit.path.endsWith('/upload-discord-images')
        ? { code: 1, result: ['https://cdn.example/a.png'] }
        : accept(submit, response);
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { UPSTREAM_MAX_CONCURRENT: '100', METRICS_OPEN: 'true' },
    });
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
    origin.closeAllConnections();
    await new Promise((resolve) => origin.close(resolve));
  });

  beforeEach(() => void (upstream.submits.length = 0));

  const on = (path: string, script: Script): string => {
    scripts.set(path, script);
    return originUrl + path;
  };
  const serve = (path: string, body: Buffer, headers: http.OutgoingHttpHeaders = {}): string =>
    on(path, (response) => response.writeHead(200, headers).end(body));
  const sent = (): Record<string, unknown> => upstream.submits.at(-1)?.body ?? {};
  const opened = async (): Promise<unknown> =>
    gateway.sql('select count(*)::int as n from task union all select count(*)::int from ledger');

  /** Every way in for a picture that is fetched, and where the upstream gets it. */
  const WAYS: [string, string, (link: string) => object, (body: Record<string, unknown>) => unknown][] = [
    [
      'submit/imagine',
      'base64Array',
      (link) => ({ prompt: 'x', base64Array: [RAW, link] }),
      (body) => (body['base64Array'] as string[])[1],
    ],
    [
      'submit/imagine',
      'base64',
      (link) => ({ prompt: 'x', base64: link }),
      (body) => (body['base64Array'] as string[])[0],
    ],
    [
      'submit/blend',
      'base64Array',
      (link) => ({ base64Array: [link, DATA] }),
      (body) => (body['base64Array'] as string[])[0],
    ],
    [
      'submit/upload-discord-images',
      'base64Array',
      (link) => ({ base64Array: [link] }),
      (body) => (body['base64Array'] as string[])[0],
    ],
    [
      'submit/upload-discord-images',
      'base64',
      (link) => ({ base64: link }),
      (body) => (body['base64Array'] as string[])[0],
    ],
    [
      'insight-face/swap',
      'sourceBase64',
      (link) => ({ sourceBase64: link, targetBase64: RAW }),
      (body) => body['sourceBase64'],
    ],
    [
      'insight-face/swap',
      'sourceUrl',
      (link) => ({ sourceUrl: link, targetBase64: RAW }),
      (body) => body['sourceBase64'],
    ],
    [
      'submit/insight-face/swap',
      'targetUrl',
      (link) => ({ sourceBase64: RAW, targetUrl: link }),
      (body) => body['targetBase64'],
    ],
    ['insight-face/swap', 'target', (link) => ({ source: RAW, target: link }), (body) => body['targetBase64']],
  ];
  const titled = WAYS.map(([path, field, bodyOf, find]) => ({ path, field, bodyOf, find }));

  it.each(titled)('$path, $field: fetched, and sent as a data URL', async ({ path, bodyOf, find }) => {
    for (const [name, bytes] of [
      ['small.png', PNG],
      ['long', LONG],
    ] as const) {
      const link = serve(`/${name}?of=${path}`, bytes, { 'content-type': 'text/plain' });
      expect((await gateway.post(`/mj/${path}`, bodyOf(` ${link} `))).json).toMatchObject({ code: 1 });
      expect(find(sent()) === `data:image/png;base64,${bytes.toString('base64')}`).toBe(true);
    }
  });

  it.each([
    ['edits', { prompt: 'x', image: 'https://images.example.com/a.png' }, 'image'],
    ['retexture', { prompt: 'x', base64Array: ['https://images.example.com/a.png'] }, 'image'],
    ['video', { image: 'https://images.example.com/a.png' }, 'image'],
    ['video', { prompt: 'x', endImage: 'https://images.example.com/a.png' }, 'endImage'],
    ['describe', { link: 'https://images.example.com/a.png' }, 'link'],
    ['describe', { base64: 'https://images.example.com/a.png' }, 'link'],
    ['describe', { base64Array: ['https://images.example.com/a.png'] }, 'link'],
  ])('%s %j goes on as it is', async (route, body, field) => {
    expect((await gateway.post(`/mj/submit/${route}`, body)).json).toMatchObject({ code: 1 });
    expect(sent()).toMatchObject({ [field]: 'https://images.example.com/a.png' });
  });

  describe('that lead to no picture', () => {
    const REFUSED: [string, () => string, string][] = [
      ['nothing there', () => `${originUrl}/nothing`, 'link_is_invalid'],
      [
        'a page',
        () => serve('/page', Buffer.from('<html><body>fox</body></html>'), { 'content-type': 'image/png' }),
        'base64_is_invalid',
      ],
      ['an empty answer', () => serve('/empty', Buffer.alloc(0)), 'link_is_invalid'],
      [
        '10 MiB and a byte',
        () => serve('/large', Buffer.concat([PNG, Buffer.alloc(10 * 1024 * 1024 + 1 - PNG.length)])),
        'image_too_large',
      ],
      [
        'bytes without an end',
        () =>
          on('/endless', (response) => {
            const more = (): void => void (response.write(NOISE) ? setImmediate(more) : response.once('drain', more));
            response.write(PNG);
            more();
          }),
        'image_too_large',
      ],
      [
        '20,000 px a side',
        () => {
          const png = Buffer.from(PNG);
          png.writeUInt32BE(20_000, 16);
          return serve('/wide', png);
        },
        'image_too_large',
      ],
      [
        'a private address by a redirect',
        () => on('/away', (response) => response.writeHead(302, { location: 'http://10.0.0.1/a.png' }).end()),
        'link_is_invalid',
      ],
      [
        'a circle',
        () => on('/circle', (response) => response.writeHead(302, { location: '/circle' }).end()),
        'link_is_invalid',
      ],
      ['a private address', () => 'http://192.168.0.1/a.png', 'link_is_invalid'],
      ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data', 'link_is_invalid'],
      ['nobody', () => 'http://127.0.0.1:1/a.png', 'link_is_invalid'],
      ['a file', () => 'file:///etc/passwd', 'link_is_invalid'],
      ['a name and a password', () => `http://a:b@127.0.0.1:80/a.png`, 'link_is_invalid'],
    ];

    it.each(REFUSED)(
      '%s: told with its field, and nothing is sent, opened or charged',
      async (_, link, description) => {
        const before = await opened();
        for (const { path, field, bodyOf } of titled) {
          const { status, json } = await gateway.post(`/mj/${path}`, bodyOf(link()));
          expect({ path, status, json }).toEqual({
            path,
            status: 400,
            json: { code: 4, description, result: null, properties: { field } },
          });
        }
        expect(upstream.submits).toEqual([]);
        expect(await opened()).toEqual(before);
      },
    );

    it('left nothing held', async () => {
      const { text } = await gateway.get('/metrics');
      expect(text).toMatch(/^journeyman_linked_fetches 0$/m);
      expect(text).toMatch(/^journeyman_linked_bytes 0$/m);
    });

    it('are not fetched for what is refused anyhow', async () => {
      const link = serve('/unwanted', PNG);
      const post = (body: object): Promise<Answer> =>
        gateway.post('/mj/submit/imagine', { base64Array: [link], ...body });
      expect((await post({})).json).toMatchObject({ description: 'prompt_is_required' });
      expect((await post({ prompt: 'x', mode: 'SLOW' })).json).toMatchObject({ description: 'mode_is_invalid' });
      expect((await post({ prompt: 'x', notifyHook: 'x' })).json).toMatchObject({
        description: 'notify_hook_is_invalid',
      });
      expect(hits.has('/unwanted')).toBe(false);
    });
  });

  it('are fetched once for requests at a time, and not at all for a repeated one', async () => {
    const waiting: ServerResponse[] = [];
    const link = on('/slow', (response) => void waiting.push(response));
    const body = { prompt: 'x', base64Array: [link, link] };
    const asked = ['a', 'b'].map((key) => gateway.post('/mj/submit/imagine', body, { 'idempotency-key': key }));
    await until('the fetch', () => waiting[0]);
    waiting[0]?.end(PNG);
    const [first, other] = await Promise.all(asked);
    expect([first?.json['code'], other?.json['code']]).toEqual([1, 1]);
    expect(sent()['base64Array']).toEqual([DATA, DATA]);
    scripts.delete('/slow');
    const again = await gateway.post('/mj/submit/imagine', body, { 'idempotency-key': 'a' });
    expect(again.json).toEqual(first?.json);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(upstream.submits).toHaveLength(2);
    expect(hits.get('/slow')).toBeLessThan(3);
  });

  it('the mask of a window may be one', async () => {
    upstream.onSubmit = (submit) => ({ code: 1, result: upstream.accept(submit).id });
    const parent = (await gateway.post<{ result: string }>('/mj/submit/imagine', { prompt: 'a fox' })).json.result;
    const [row] = await gateway.sql<{ id: string }>('select upstream_task_id as id from task where id = $1', [parent]);
    const customId = 'MJ::Inpaint::1::9f1c0e5e-6c1a-4c55-9f5e-2b8a1f0d7c11::SOLO';
    upstream.show(row?.id ?? '', {
      status: 'SUCCESS',
      buttons: [{ customId, emoji: '', label: '', type: 2, style: 2 }],
    });
    await until(
      'the parent',
      async () => (await gateway.sql("select from task where id = $1 and status = 'SUCCESS'", [parent]))[0],
    );
    upstream.onSubmit = (submit) =>
      submit.path.endsWith('/action')
        ? { code: 21, result: upstream.accept(submit).id, properties: { finalPrompt: '', remix: true } }
        : { code: 1, result: submit.body['taskId'] };
    const { result: taskId } = (
      await gateway.post<{ result: string }>('/mj/submit/action', { taskId: parent, customId })
    ).json;
    const bad = await gateway.post('/mj/submit/modal', { taskId, prompt: 'hat', maskBase64: `${originUrl}/nothing` });
    expect(bad.json).toMatchObject({ code: 4, description: 'link_is_invalid', properties: { field: 'maskBase64' } });
    const { json } = await gateway.post('/mj/submit/modal', { taskId, prompt: 'hat', mask: serve('/mask.png', PNG) });
    expect(json).toMatchObject({ code: 1, result: taskId });
    expect(sent()).toMatchObject({ maskBase64: DATA });
  });

  it.each([
    [{ source: PNG, target: PNG }, DATA],
    [{ source: PNG, targetBase64: RAW }, DATA],
    [{ sourceBase64: `${DATA}\n`, target: PNG }, DATA],
  ])('a form of a swap names its files %#', async (parts, wanted) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(parts)) {
      form.append(name, typeof value === 'string' ? value : new Blob([value]));
    }
    form.append('targetUrl', '');
    const headers = { authorization: `Bearer ${gateway.key}` };
    const { json } = await gateway.call('/mj/insight-face/swap', { method: 'POST', headers, body: form });
    expect(json).toMatchObject({ code: 1 });
    expect(sent()).toMatchObject({ sourceBase64: wanted, targetBase64: wanted });
  });
});
