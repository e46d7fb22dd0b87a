import Fastify, { type FastifyInstance } from 'fastify';
import { EventEmitter } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { RefusedBodies } from '../request-body/refused-bodies.js';
import { BODY_LIMIT, type RouteAccess } from '../routes/route-access.js';
import { installForms } from './form-body.js';
import { FormReader } from './form-reader.js';
import type { FormShape } from './form-shape.js';

/** Nobody counts what comes here. */
const UNCOUNTED = { add: () => null, finished: () => undefined };

const SHAPE: FormShape = { pictures: { photo: 'picture', picture: 'picture' }, texts: ['state'], json: ['filter'] };
const KIB = 1024;

interface Part {
  name?: string;
  /** It comes as a file. */
  file?: boolean;
  type?: string;
  body: string | Buffer;
}

function head({ name, file, type }: Part): string {
  const named = name === undefined ? '' : `; name="${name}"`;
  const lines = [`content-disposition: form-data${named}${file === true ? '; filename="a.png"' : ''}`];
  if (type !== undefined) lines.push(`content-type: ${type}`);
  return `--b\r\n${lines.join('\r\n')}\r\n\r\n`;
}

const formOf = (parts: readonly Part[]): Buffer =>
  Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(head(part)), Buffer.from(part.body), Buffer.from('\r\n')]),
    Buffer.from('--b--\r\n'),
  ]);

describe('forms', () => {
  let fastify: FastifyInstance;
  beforeAll(() => {
    fastify = Fastify({ bodyLimit: BODY_LIMIT.pictures });
    installForms(fastify, { refused: new RefusedBodies(fastify), meterOf: () => UNCOUNTED });
    const config: RouteAccess = { form: SHAPE };
    fastify.post('/form', { config }, (request) => ({ read: request.body }));
    fastify.post('/none', (request) => ({ read: request.body }));
    fastify.setErrorHandler((error: Error & { status?: number; extras?: object }, _request, reply) =>
      reply.status(error.status ?? 500).send({ code: error.message, ...error.extras }),
    );
  });
  afterAll(() => fastify.close());

  const send = async (
    payload: Buffer | Readable,
    url = '/form',
    type = 'multipart/form-data; boundary=b',
  ): Promise<unknown> =>
    (await fastify.inject({ method: 'POST', url, payload, headers: { 'content-type': type } })).json();

  /** Sends the beginning of a form and 1 MiB after it, and the end only once there is an answer. */
  async function flood(part: Part, again: string): Promise<unknown> {
    let end = (): void => undefined;
    const answered = new Promise<void>((resolve) => (end = resolve));
    const chunks = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(head(part) + String(part.body));
      for (let sent = 0; sent < 16; sent += 1) yield Buffer.from(again.repeat((64 * KIB) / again.length));
      await answered;
    };
    const answer = await send(Readable.from(chunks()));
    end();
    return answer;
  }

  it('are the body that JSON would be', async () => {
    const bytes = Buffer.from(Array.from({ length: 100_001 }, (_, at) => at % 251));
    const parts: Part[] = [
      { name: 'photo', file: true, body: bytes },
      { name: 'state', body: 'é漢' },
      { name: 'filter', type: 'application/json', body: '{"a":[1]}' },
    ];
    expect(await send(formOf(parts))).toEqual({
      read: { picture: bytes.toString('base64'), state: 'é漢', filter: { a: [1] } },
    });
    const text: Part[] = [
      { name: 'picture', body: 'aGk=' },
      { name: 'filter', body: ' ' },
    ];
    expect(await send(formOf(text))).toEqual({ read: { picture: 'aGk=', filter: null } });
    expect(await send(formOf([{ name: 'picture', file: true, body: '' }]))).toEqual({ read: { picture: '' } });
    expect(await send(formOf([]))).toEqual({ read: {} });
  });

  it('may come in pieces of any size', async () => {
    const form = formOf([
      { name: 'photo', file: true, body: 'x'.repeat(1_000) },
      { name: 'state', body: 'y' },
    ]);
    for (const size of [1, 7, 500]) {
      const pieces = Array.from({ length: Math.ceil(form.length / size) }, (_, at) =>
        form.subarray(at * size, (at + 1) * size),
      );
      expect(await send(Readable.from(pieces))).toMatchObject({ read: { state: 'y' } });
    }
  });

  it('may close before all of it is read', async () => {
    const fields = { picture: 'x', state: 'y', filter: null };
    const form = formOf(Object.entries(fields).map(([name, body]) => ({ name, body: body ?? '' })));
    const payload = new EventEmitter() as Readable;
    payload.resume = () => payload;
    const read = new Promise((resolve) => {
      new FormReader(
        { payload, contentType: 'multipart/form-data; boundary=b', shape: SHAPE, meter: UNCOUNTED },
        (error, body) => resolve(error ?? body),
      );
    });
    payload.emit('data', form);
    payload.emit('end');
    payload.emit('close');
    expect(await read).toEqual(fields);
  });

  it('that are refused in a large part do not stop what comes after them', async () => {
    const payload = new PassThrough();
    const refused = new Promise((resolve) => {
      new FormReader(
        { payload, contentType: 'multipart/form-data; boundary=b', shape: SHAPE, meter: UNCOUNTED },
        (error) => {
          payload.resume();
          resolve(error);
        },
      );
    });
    payload.write(formOf([{ name: 'other', file: true, body: 'x'.repeat(256 * KIB) }]));
    expect(await refused).toMatchObject({ message: 'bind_request_body_failed' });
    expect(payload.isPaused()).toBe(false);
  });

  it.each<[string, Part[], string, string]>([
    ['an unknown name', [{ name: 'other', body: 'x' }], 'bind_request_body_failed', 'other'],
    ['a name of an object', [{ name: 'constructor', body: 'x' }], 'bind_request_body_failed', 'constructor'],
    ['__proto__', [{ name: '__proto__', body: 'x' }], 'bind_request_body_failed', '__proto__'],
    ['no name', [{ body: 'x' }], 'bind_request_body_failed', ''],
    [
      'one name twice',
      [
        { name: 'state', body: 'x' },
        { name: 'state', body: 'y' },
      ],
      'bind_request_body_failed',
      'state',
    ],
    [
      'one field twice',
      [
        { name: 'photo', body: 'x' },
        { name: 'picture', body: 'y' },
      ],
      'bind_request_body_failed',
      'picture',
    ],
    ['a file for a text', [{ name: 'state', file: true, body: 'x' }], 'bind_request_body_failed', 'state'],
    ['no JSON', [{ name: 'filter', body: 'blue' }], 'bind_request_body_failed', 'filter'],
    ['depth', [{ name: 'filter', body: '['.repeat(33) + ']'.repeat(33) }], 'bind_request_body_failed', 'filter'],
    [
      'depth that says it is JSON',
      [{ name: 'filter', type: 'application/json', body: '['.repeat(33) + ']'.repeat(33) }],
      'bind_request_body_failed',
      'filter',
    ],
    ['values', [{ name: 'filter', body: `[${'0,'.repeat(12_000)}0]` }], 'bind_request_body_failed', 'filter'],
  ])('with %s are refused', async (_, parts, code, field) => {
    expect(await send(formOf(parts))).toMatchObject({ code, properties: { field } });
    expect({}).not.toHaveProperty('x');
  });

  it.each<[string, Part, string, string]>([
    ['a text', { name: 'state', body: '' }, 'x', 'bind_request_body_failed'],
    ['JSON', { name: 'filter', type: 'application/json', body: '' }, '[', 'bind_request_body_failed'],
    ['an unknown part', { name: 'other', body: '' }, 'x', 'bind_request_body_failed'],
  ])('with %s without end are answered before it', async (_, part, again, code) => {
    expect(await flood(part, again)).toMatchObject({ code });
  });

  it('have a largest file, text and body', async () => {
    const large = Buffer.alloc(10 * KIB * KIB + 1);
    expect(await send(formOf([{ name: 'photo', file: true, body: large }]))).toMatchObject({
      code: 'image_too_large',
      properties: { field: 'picture' },
    });
    expect(await send(formOf([{ name: 'photo', body: Buffer.alloc(14 * KIB * KIB + 1, 0x41) }]))).toMatchObject({
      code: 'image_too_large',
    });
    // Nothing of it is a part.
    const preamble = Array.from({ length: 33 }, () => Buffer.alloc(KIB * KIB, 0x41));
    expect(await send(Readable.from(preamble))).toMatchObject({ code: 'request_body_too_large' });
  });

  it.each([
    ['no boundary', 'multipart/form-data', 'x'],
    ['a boundary of 71', `multipart/form-data; boundary=${'b'.repeat(71)}`, 'x'],
    ['no end', 'multipart/form-data; boundary=b', '--b\r\nnonsense'],
    ['no end of a part', 'multipart/form-data; boundary=b', `${head({ name: 'state', body: '' })}x`],
    ['nothing', 'multipart/form-data; boundary=b', ''],
    ['another boundary', 'multipart/form-data; boundary=c', formOf([{ name: 'state', body: 'x' }]).toString()],
  ])('are none with %s', async (_, type, body) => {
    expect(await send(Buffer.from(body), '/form', type)).toMatchObject({ code: 'bind_request_body_failed' });
  });

  it('have no more parts than the route knows', async () => {
    const parts = Array.from({ length: 5 }, () => ({ body: 'x' }));
    const skipped = parts.map(({ body }) => `--b\r\nx: y\r\n\r\n${body}\r\n`).join('');
    expect(await send(Buffer.from(`${skipped}--b--\r\n`))).toMatchObject({ code: 'request_body_too_large' });
  });

  it('are refused where no route takes them', async () => {
    expect(await send(formOf([]), '/none')).toMatchObject({ code: 'media_type_not_supported' });
  });

  it('end with a client that goes away', async () => {
    const breaking = Readable.from(
      (function* () {
        yield Buffer.from(head({ name: 'photo', file: true, body: '' }));
        throw new Error('gone');
      })(),
    );
    expect(await send(breaking)).toMatchObject({ code: 'bind_request_body_failed' });
  });
});
