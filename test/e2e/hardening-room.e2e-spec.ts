import net from 'node:net';
import http from 'node:http';
import type { ServerResponse } from 'node:http';
import { KeyStore, newApiKey } from '../../libs/access/src/index.js';
import { expectError } from '../support/expect-error.js';
import { TestGateway } from '../support/gateway.js';
import { sendRaw } from '../support/raw-request.js';
import { ScriptedUpstream } from '../support/scripted-upstream.js';
import { until } from '../support/until.js';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const LARGEST = 32 * 1024 * 1024;
/** Largest bodies that one key may have under way, and that may wait for it. */
const SHARE = 7;
const PLACES = 64;

/** Large bodies share room; what of it one client holds for nothing is not missing to the others. */
describe('room for large bodies', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  let other: string;
  const stalled: net.Socket[] = [];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url, environment: { UPSTREAM_MAX_CONCURRENT: '100' } });
    other = newApiKey();
    await gateway.app.get(KeyStore).ensure('other', other);
  });

  afterEach(() => {
    for (const socket of stalled.splice(0)) socket.destroy();
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
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

  /** Asks for room and sends no body. */
  const stall = (path = '/mj/submit/describe', length: number | null = LARGEST): Promise<net.Socket> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(gateway.url);
      const socket = net.connect(Number(port), hostname, () =>
        socket.write(head(path, gateway.key, length), () => resolve(socket)),
      );
      socket.on('error', reject);
      stalled.push(socket);
    });
  /** Resolves when the gateway has dealt with everything that was sent before. */
  const settled = async (): Promise<unknown> => gateway.get('/health/live');
  const upload = (key: string): Promise<{ status: number; json: Record<string, unknown> }> => {
    // Blanks are no part of the picture; they make the body large.
    const body = JSON.stringify({ base64: PNG }) + ' '.repeat(300_000);
    return gateway.post('/mj/submit/describe', body, { authorization: `Bearer ${key}` });
  };

  it.each([
    ['a length', '/mj/submit/describe', LARGEST],
    ['chunks', '/mj/submit/describe', null],
    ['a form', '/mj/insight-face/swap', LARGEST],
  ])('of one key that sends nothing is not missing to another: %s', async (_, path, length) => {
    for (let count = 0; count < SHARE + 2; count += 1) await stall(path, length);
    await settled();
    expect((await upload(other)).json).toMatchObject({ code: 1 });
    // What is small needs none.
    expect((await gateway.post('/mj/submit/imagine', { prompt: 'a fox' })).json).toMatchObject({ code: 1 });
  });

  it('is free again when clients go away, those that waited too', async () => {
    const sockets = await Promise.all(Array.from({ length: SHARE + 10 }, () => stall()));
    await settled();
    const waiting = upload(gateway.key);
    for (const socket of sockets) socket.destroy();
    expect((await waiting).json).toMatchObject({ code: 1 });
  });

  it('is refused at once where too many wait already, and what is too large is told so without waiting', async () => {
    await Promise.all(Array.from({ length: SHARE + PLACES }, () => stall()));
    await settled();
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

  it('is given back to the size of a body once it is read', async () => {
    const answers: { response: ServerResponse; id: string }[] = [];
    const accept = upstream.onSubmit;
    upstream.onSubmit = (submit, response) => {
      answers.push({ response, id: upstream.accept(submit).id });
      return undefined;
    };
    const count = SHARE * 3;
    // Small, but none of them says so before it has come.
    const sent = Array.from({ length: count }, (_, at) => chunked('/mj/submit/imagine', { prompt: `a fox ${at}` }));
    // All of them are with the upstream at one time.
    await until('all of them', () => (answers.length === count ? true : null));
    for (const { response, id } of answers) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ code: 1, result: id }));
    }
    expect(await Promise.all(sent)).toEqual(Array<number>(count).fill(200));
    upstream.onSubmit = accept;
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
