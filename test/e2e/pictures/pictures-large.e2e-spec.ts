import http from 'node:http';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream, type SubmitScript } from '../../support/scripted-upstream.js';
import { until } from '../../support/until.js';
import { wholePng } from '../../support/whole-png.js';

/** A PNG as base64, different for every seed. */
function png(bytes: number, seed: number): string {
  return wholePng(bytes, (at) => at * 31 + (at >> 7) * 17 + seed).toString('base64');
}

const DATA = 'data:image/png;base64,';
const [A = '', B = '', C = '', D = ''] = [4_000_000, 3_999_999, 3_999_998, 700_000].map(png);

/** Large pictures are never strings on their way: what the upstream gets is what the client sent, byte for byte. */
describe('large pictures', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let accept: SubmitScript;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    accept = upstream.onSubmit;
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { EGRESS_ALLOW: '', UPSTREAM_MAX_CONCURRENT: '100' },
    });
  });
  beforeEach(() => {
    upstream.submits.length = 0;
    upstream.onSubmit = accept;
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  /** Sends JSON in chunks of odd lengths, without saying how long it is; `\/` where there is a slash, as PHP does. */
  function sendInChunks(path: string, body: object, isPhp: boolean): Promise<Record<string, unknown>> {
    const text = JSON.stringify(body);
    const bytes = Buffer.from(isPhp ? text.replaceAll('/', '\\/') : text);
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' };
      const request = http.request(`${gateway.url}${path}`, { method: 'POST', headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>));
      });
      request.on('error', reject);
      for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 90_001) {
        request.write(bytes.subarray(at, at + size));
      }
      request.end();
    });
  }

  const seen = (): Record<string, unknown> => upstream.submits[0]?.body ?? {};
  /** Without the megabytes that a difference would print. */
  function expectSame(found: unknown, wanted: readonly string[]): void {
    const texts = [found].flat() as string[];
    expect(texts.map((text) => text.length)).toEqual(wanted.map((text) => text.length));
    expect(texts.every((text, at) => text === wanted[at])).toBe(true);
  }

  const ROUTES: [string, object, [string, string[]][]][] = [
    [
      'imagine',
      { prompt: 'x', base64Array: [A, DATA + B], base64: D },
      [['base64Array', [DATA + A, DATA + B, DATA + D]]],
    ],
    ['describe', { base64: A }, [['base64', [DATA + A]]]],
    ['describe', { base64Array: [B] }, [['base64', [DATA + B]]]],
    ['blend', { base64Array: [A, B, DATA + C] }, [['base64Array', [DATA + A, DATA + B, DATA + C]]]],
    ['upload-discord-images', { base64Array: [A, D] }, [['base64Array', [DATA + A, DATA + D]]]],
    ['edits', { prompt: 'x', image: `data:image/gif;base64,${A}` }, [['image', [DATA + A]]]],
    [
      'retexture',
      { prompt: 'x', base64Array: [C, B] },
      [
        ['image', [DATA + C]],
        ['base64Array', [DATA + C, DATA + B]],
      ],
    ],
    [
      'video',
      { image: A, endImage: D },
      [
        ['image', [DATA + A]],
        ['endImage', [DATA + D]],
      ],
    ],
    [
      'insight-face/swap',
      { sourceBase64: A, targetBase64: B },
      [
        ['sourceBase64', [DATA + A]],
        ['targetBase64', [DATA + B]],
      ],
    ],
  ];

  it.each(ROUTES.flatMap(([route, body, fields]) => [false, true].map((isPhp) => ({ route, body, fields, isPhp }))))(
    '$route, in chunks, slashes escaped: $isPhp',
    async ({ route, body, fields, isPhp }) => {
      if (route.startsWith('upload')) upstream.onSubmit = () => ({ code: 1, result: ['https://cdn.example/a.png'] });
      expect(await sendInChunks(`/mj/submit/${route}`, body, isPhp)).toMatchObject({ code: 1 });
      expect(upstream.submits).toHaveLength(1);
      for (const [field, wanted] of fields) expectSame(seen()[field], wanted);
    },
  );

  it.each([
    ['lines of 76', A.replaceAll(/.{76}/g, '$&\r\n')],
    ['the alphabet of URLs', A.replaceAll('+', '-').replaceAll('/', '_')],
    ['the same without padding', A.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')],
    ['blanks for plus signs', A.replaceAll('+', ' ')],
    ['another type', `data:image/bmp;base64,${A}`],
  ])('%s: clean for the upstream, and the same work when it is sent again', async (name, picture) => {
    const body = { base64Array: [D, picture] };
    const headers = { 'idempotency-key': name };
    const first = await gateway.post('/mj/submit/blend', body, headers);
    expect(first.json).toMatchObject({ code: 1 });
    expectSame(seen()['base64Array'], [DATA + D, DATA + A]);
    expect((await gateway.post('/mj/submit/blend', body, headers)).json).toEqual(first.json);
    expect(upstream.submits).toHaveLength(1);
  });

  it.each([
    ['a wrong letter', `${A.slice(0, -4)}AA*A`, 'base64_is_invalid'],
    ['no padding', B.replace(/=+$/, '') + 'A', 'base64_is_invalid'],
    ['no picture', 'A'.repeat(400_000), 'base64_is_invalid'],
    ['lines that are cut off', A.replaceAll(/.{76}/g, '$&\n').replace(/=+$/, ''), 'base64_is_invalid'],
    ['a link', `https://example.com/${A.slice(0, 40_000)}`, 'link_is_invalid'],
    ['too many bytes', png(10 * 1024 * 1024 + 1, 0), 'image_too_large'],
  ])('%s: refused by its name', async (_, picture, description) => {
    const answer = await sendInChunks('/mj/submit/blend', { base64Array: [D, picture] }, false);
    expect(answer).toEqual({ code: 4, description, result: null, properties: { field: 'base64Array' } });
    expect(upstream.submits).toEqual([]);
  });

  it.each<[string, object]>([
    ['base64Array', { prompt: 'x', base64Array: A }],
    ['base64Array', { prompt: 'x', base64Array: [[A]] }],
    ['base64Array', { prompt: 'x', base64Array: [A, 1] }],
    ['base64', { prompt: 'x', base64: [A] }],
    ['base64', { prompt: 'x', base64: { base64: A } }],
    ['prompt', { prompt: [A] }],
  ])('a wrong %s is named', async (field, body) => {
    const answer = await sendInChunks('/mj/submit/imagine', body, false);
    expect(answer).toMatchObject({ code: 4, description: 'bind_request_body_failed', properties: { field } });
  });

  it.each([
    ['mask', A, 'task_not_found', 'taskId'],
    ['maskBase64', A, 'task_not_found', 'taskId'],
    ['maskBase64', 'A'.repeat(400_000), 'base64_is_invalid', 'maskBase64'],
  ])('a window is given one as %s, which is judged', async (name, mask, description, field) => {
    const answer = await sendInChunks('/mj/submit/modal', { taskId: '6237012345678901', [name]: mask }, false);
    expect(answer).toMatchObject({ description, properties: { field } });
  });

  it('go beside as many small ones as a prompt may have', async () => {
    // Of base64 just under what is taken for a large one.
    const small = Array.from({ length: 19 }, (_, seed) => png(49_100, seed));
    expect(small.map(({ length }) => length)).toEqual(small.map(() => 65_468));
    const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'x', base64Array: [...small, A] });
    expect(json).toMatchObject({ code: 1 });
    expectSame(
      seen()['base64Array'],
      [...small, A].map((text) => DATA + text),
    );
  });

  it('knows a request with the same pictures again, however they are written, and one with others', async () => {
    const post = (body: string): Promise<Answer> =>
      gateway.post('/mj/submit/imagine', body, { 'idempotency-key': 'large' });
    const body = JSON.stringify({ prompt: 'once', base64Array: [A, D] });
    const first = await post(body);
    expect(first.json).toMatchObject({ code: 1 });
    // The last of them holds an escape that keeps it from being lifted.
    for (const same of [body, body.replaceAll('/', '\\/'), body.replace(D, D.replace('A', '\\u0041'))]) {
      const again = await post(same);
      expect([again.headers.get('idempotent-replayed'), again.json['result']]).toEqual(['true', first.json['result']]);
    }
    for (const other of [body.replace(D, `${D.slice(0, -8)}AAAAAAAA`), body.replace(A, DATA + A), body.replace(A, B)]) {
      expect(await post(other)).toMatchObject({ status: 422, json: { description: 'idempotency_key_reused' } });
    }
    expect(upstream.submits).toHaveLength(1);
  });

  it('keeps those of a task that waits, and sends them later', async () => {
    upstream.onSubmit = () => ({ code: 23, description: '队列已满' });
    const answer = await sendInChunks('/mj/submit/imagine', { prompt: 'later', base64Array: [A, D] }, false);
    expect(answer).toMatchObject({ code: 1 });
    const [kept] = await gateway.sql<{ size: number }>(
      'select length(body) as size from task_input where task_id = $1',
      [answer['result']],
    );
    expect(kept?.size).toBeGreaterThan(A.length + D.length);
    upstream.submits.length = 0;
    upstream.onSubmit = accept;
    await until('the submit', () => upstream.submits[0]);
    expectSame(seen()['base64Array'], [DATA + A, DATA + D]);
  });

  it('has told its logs of none', () => {
    const logs = gateway.logs.join('');
    for (const picture of [A, B, C, D]) expect(logs.includes(picture.slice(1_000, 1_060))).toBe(false);
    expect(logs).not.toContain('internal_error');
  });
});
