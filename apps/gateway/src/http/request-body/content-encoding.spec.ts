import Fastify, { type FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { installContentDecoding } from './content-encoding.js';
import { installForms } from '../forms/form-body.js';
import { installJsonBodies } from '../streaming-json/json-body.js';
import { RefusedBodies } from './refused-bodies.js';
import { BODY_LIMIT, type RouteAccess } from '../routes/route-access.js';

/** Nobody counts what comes here. */
const UNCOUNTED = { add: () => null, finished: () => undefined };

const MIB = 1024 * 1024;
const BODY = JSON.stringify({ prompt: 'a fox '.repeat(100), n: 1 });

describe('content codings', () => {
  let fastify: FastifyInstance;
  beforeAll(() => {
    fastify = Fastify({ bodyLimit: BODY_LIMIT.plain });
    const amid = { refused: new RefusedBodies(fastify), meterOf: () => UNCOUNTED };
    installJsonBodies(fastify, amid);
    installForms(fastify, amid);
    installContentDecoding(fastify);
    const config: RouteAccess = { form: { pictures: { a: 'a' }, texts: ['b'], json: [] } };
    const read = { bodyLimit: BODY_LIMIT.pictures, config };
    fastify.post('/plain', (request) => ({ read: request.body }));
    fastify.post('/pictures', read, (request) => ({ read: request.body }));
    fastify.get('/', () => ({}));
    fastify.setErrorHandler((error: Error & { status?: number; statusCode?: number; extras?: object }, _, reply) =>
      reply.status(error.status ?? error.statusCode ?? 500).send({ code: error.message, ...error.extras }),
    );
  });
  afterAll(() => fastify.close());

  interface Told {
    status: number;
    accepts: unknown;
    json: unknown;
  }
  async function send(
    payload: Buffer | Readable,
    coding: string,
    { url = '/plain', type = 'application/json' } = {},
  ): Promise<Told> {
    const chunked = payload instanceof Readable ? { 'transfer-encoding': 'chunked' } : {};
    const headers = { 'content-type': type, 'content-encoding': coding, ...chunked };
    const answer = await fastify.inject({ method: 'POST', url, payload, headers });
    return { status: answer.statusCode, accepts: answer.headers['accept-encoding'], json: answer.json() };
  }

  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['identity, gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', (text) => Buffer.from(text)],
    ['', (text) => Buffer.from(text)],
  ])('%s is decoded, with a length and without', async (coding, encode) => {
    const bytes = encode(BODY);
    for (const url of ['/plain', '/pictures']) {
      for (const payload of [bytes, Readable.from([bytes.subarray(0, 7), bytes.subarray(7)])]) {
        expect(await send(payload, coding, { url })).toMatchObject({ status: 200, json: { read: JSON.parse(BODY) } });
      }
    }
  });

  it.each(['zstd', 'compress', 'gzip, gzip', 'br, gzip', 'gzip;q=1', 'constructor', 'x'.repeat(1_000)])(
    '%.20s is refused by its name, and the answer says which are taken',
    async (coding) => {
      expect(await send(gzipSync(gzipSync(BODY)), coding)).toEqual({
        status: 415,
        accepts: 'gzip, deflate, br',
        json: {
          code: 'media_type_not_supported',
          properties: { field: 'content-encoding', contentEncoding: coding.slice(0, 64) },
        },
      });
    },
  );

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ])('a bomb in %s ends at the limit of its route', async (coding, encode) => {
    const spaces = encode(Buffer.alloc(64 * MIB, 0x20));
    expect(spaces.length).toBeLessThan(100 * 1024);
    expect(await send(spaces, coding)).toMatchObject({ status: 413 });
    expect(await send(spaces, coding, { url: '/pictures' })).toMatchObject({
      json: { code: 'bind_request_body_failed' },
    });
    const letters = encode(Buffer.concat([Buffer.from('{"base64":"'), Buffer.alloc(64 * MIB, 0x41)]));
    expect(await send(letters, coding, { url: '/pictures' })).toMatchObject({ status: 413 });
    const brackets = encode(Buffer.alloc(64 * MIB, 0x5b));
    expect(await send(brackets, coding)).toMatchObject({ json: { code: 'bind_request_body_failed' } });
  });

  it('a body that is nothing but blocks without content ends at the limit, too', async () => {
    const empty = gzipSync('');
    const members = Buffer.concat(Array.from({ length: 1_000 }, () => empty));
    const endless = Readable.from(
      (function* () {
        for (let sent = 0; sent < 100; sent += 1) yield members;
      })(),
    );
    expect(await send(endless, 'gzip')).toMatchObject({ status: 413 });
  });

  it('forms are decoded as well', async () => {
    const type = 'multipart/form-data; boundary=b';
    const part = (body: string): string =>
      `--b\r\ncontent-disposition: form-data; name="b"\r\n\r\n${body}\r\n--b--\r\n`;
    const read = { url: '/pictures', type };
    expect(await send(gzipSync(part('x')), 'gzip', read)).toMatchObject({ json: { read: { b: 'x' } } });
    const bomb = gzipSync(part('x'.repeat(64 * MIB)));
    expect(await send(bomb, 'gzip', read)).toMatchObject({ json: { properties: { field: 'b' } } });
    const preamble = gzipSync(Buffer.alloc(64 * MIB, 0x20));
    expect(await send(preamble, 'gzip', read)).toMatchObject({ status: 413 });
  });

  it.each<[string, Buffer]>([
    ['what is no gzip', Buffer.from(BODY)],
    ['what is cut off', gzipSync(BODY).subarray(0, -9)],
    ['a wrong checksum', Buffer.concat([gzipSync(BODY).subarray(0, -8), Buffer.alloc(8)])],
    ['what follows it', Buffer.concat([gzipSync(BODY), gzipSync(BODY)])],
  ])('%s is refused', async (_, bytes) => {
    expect(await send(bytes, 'gzip')).toMatchObject({ status: 400 });
  });

  it('no body is as good as any', async () => {
    const headers = { 'content-encoding': 'zstd' };
    expect((await fastify.inject({ method: 'GET', url: '/', headers })).statusCode).toBe(200);
  });
});
