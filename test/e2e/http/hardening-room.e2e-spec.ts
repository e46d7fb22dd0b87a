import { once } from 'node:events';
import http, { type ServerResponse } from 'node:http';
import net from 'node:net';
import { ApiKeyCache, newApiKey } from '../../../libs/access/src/index.js';
import { UploadBudget } from '../../../apps/gateway/src/traffic/upload-budget.js';
import { expectError } from '../../support/expect-error.js';
import { sendRaw } from '../../support/raw-request.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MIB = 1024 * 1024;
const LARGE_PNG = Buffer.concat([Buffer.from(PNG, 'base64'), Buffer.alloc(9 * MIB)]).toString('base64');
const LARGEST = 32 * MIB;
/** Two of these are all that one key may have under way; others have 8 MiB besides. */
const UPLOAD_MEMORY_MB = '64';
const HALF_OF_A_SHARE = 28 * MIB;
const PLACES = 64;

/** Bodies share memory by what has come of them; what one client holds is not missing to the others. */
describe('memory for bodies', () => {
  const { gateway, upstream } = useGateway({ environment: { UPSTREAM_MAX_CONCURRENT: '100', UPLOAD_MEMORY_MB } });
  let other: string;
  let uploads: UploadBudget;
  const stalled: net.Socket[] = [];

  beforeAll(async () => {
    uploads = gateway.app.get(UploadBudget);
    other = newApiKey();
    await gateway.app.get(ApiKeyCache).ensure('other', other);
  });

  afterEach(async () => {
    for (const socket of stalled.splice(0)) socket.destroy();
    await until('their end', () => (uploads.used === 0 && uploads.waiting === 0 ? true : null));
  });

  const head = (path: string, key: string, length: number | null): string =>
    [
      `POST ${path} HTTP/1.1`,
      'host: x',
      `authorization: Bearer ${key}`,
      'content-type: application/json',
      length === null ? 'transfer-encoding: chunked' : `content-length: ${length}`,
      '',
      '',
    ].join('\r\n');

  /** Asks for room and brings so much of the body. */
  const stall = async (path = '/mj/submit/describe', length: number | null = LARGEST, bytes = 0): Promise<void> => {
    const { hostname, port } = new URL(gateway.url);
    const socket = net.connect(Number(port), hostname);
    stalled.push(socket.on('error', () => undefined));
    await once(socket, 'connect');
    socket.write(head(path, gateway.key, length));
    if (bytes > 0) socket.write(`{"base64":"${'A'.repeat(bytes)}`);
  };
  const waiting = (count: number): Promise<true> =>
    until(`${count} that wait`, () => (uploads.waiting === count ? true : null));
  const upload = (key: string): Promise<{ status: number; json: Record<string, unknown> }> => {
    // Blanks are no part of the picture; they make the body large.
    const body = JSON.stringify({ base64: PNG }) + ' '.repeat(300_000);
    return gateway.post('/mj/submit/describe', body, { authorization: `Bearer ${key}` });
  };
  /** All that a key may have, brought and not ended. */
  const fill = async (): Promise<void> => {
    await stall('/mj/submit/describe', LARGEST, HALF_OF_A_SHARE);
    await stall('/mj/submit/describe', LARGEST, HALF_OF_A_SHARE);
    await until('all of it', () => (uploads.used === 2 * HALF_OF_A_SHARE ? true : null));
  };

  it.each([
    ['a length', '/mj/submit/describe', LARGEST],
    ['chunks', '/mj/submit/describe', null],
    ['a form', '/mj/insight-face/swap', LARGEST],
  ])('is not held by what says that it will come and does not: %s', async (_, path, length) => {
    for (let count = 0; count < 40; count += 1) await stall(path, length, count % 2);
    await gateway.get('/health/live');
    expect((await upload(gateway.key)).json).toMatchObject({ code: 1 });
    expect((await upload(other)).json).toMatchObject({ code: 1 });
    expect(uploads.waiting).toBe(0);
  });

  it('that one key holds is not missing to another, and is free again when its clients go away', async () => {
    await fill();
    const mine = upload(gateway.key);
    await waiting(1);
    expect((await upload(other)).json).toMatchObject({ code: 1 });
    // What is small needs none.
    expect((await gateway.post('/mj/submit/imagine', { prompt: 'a fox' })).json).toMatchObject({ code: 1 });
    for (const socket of stalled.splice(0)) socket.destroy();
    expect((await mine).json).toMatchObject({ code: 1 });
  });

  it('is refused at once where too many wait already, and what is too large is told so without waiting', async () => {
    await fill();
    for (let count = 0; count < PLACES; count += 1) await stall();
    await waiting(PLACES);
    const line = 'connection: close\r\ncontent-length';
    const ask = (length: number): string =>
      head('/mj/submit/describe', gateway.key, length).replace('content-length', line);
    const refused = await sendRaw(gateway.url, ask(LARGEST));
    expectError(refused, 503, 'too_many_uploads');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expectError(await sendRaw(gateway.url, ask(LARGEST + 1)), 413, 'request_body_too_large');
    expectError(await sendRaw(gateway.url, ask(LARGEST).replace(gateway.key, 'sk-no')), 401, 'invalid_api_key');
    expect((await upload(other)).json).toMatchObject({ code: 1 });
  });

  it('is enough for more bodies than fit in it, one after the other', async () => {
    const sent = Array.from({ length: 5 }, (_, at) =>
      chunked('/mj/submit/blend', { state: String(at), base64Array: [LARGE_PNG, LARGE_PNG] }),
    );
    expect(await Promise.all(sent)).toEqual([200, 200, 200, 200, 200]);
  });

  it('is given back to the size of a body once it is read', async () => {
    const answers: { response: ServerResponse; id: string }[] = [];
    const accept = upstream.onSubmit;
    upstream.onSubmit = (submit, response) => {
      answers.push({ response, id: upstream.accept(submit).id });
      return undefined;
    };
    const count = 50;
    // Small, but none of them says so before it has come.
    const sent = Array.from({ length: count }, (_, at) => chunked('/mj/submit/imagine', { prompt: `a fox ${at}` }));
    // All of them are with the upstream at one time.
    await until('all of them', () => (answers.length === count ? true : null));
    expect(uploads.used).toBe(0);
    for (const { response, id } of answers) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ code: 1, result: id }));
    }
    expect(await Promise.all(sent)).toEqual(Array<number>(count).fill(200));
    upstream.onSubmit = accept;
  });

  it('is free again half a minute after a body has stalled, which is answered 408', async () => {
    const bytes = `${head('/mj/submit/describe', gateway.key, LARGEST)}{"base64":"`;
    const refused = await sendRaw(gateway.url, bytes);
    expectError(refused, 408, 'request_timeout');
    expect(refused.headers).toMatchObject({ connection: 'close', 'x-request-id': expect.any(String) });
  });

  const chunked = (path: string, body: object): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' };
      const request = http.request(gateway.url + path, { method: 'POST', agent: false, headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0));
      });
      request.on('error', reject);
      request.write(JSON.stringify(body));
      request.end();
    });
});
