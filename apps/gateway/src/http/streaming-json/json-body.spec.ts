import Fastify, { type FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { RefusedBodies } from '../request-body/refused-bodies.js';
import { BODY_LIMIT, TEXT_LIMIT } from '../routes/route-access.js';
import { installJsonBodies } from './json-body.js';

const PICTURE = Buffer.alloc(150_000, 0x5a).toString('base64');
const HOSTILE = `"base64":"${PICTURE}"`;

const UNCOUNTED = { add: () => null, finished: () => undefined };

/** A server that says what it read; a picture says so of itself. */
function server(install: (fastify: FastifyInstance) => void): FastifyInstance {
  const fastify = Fastify({ bodyLimit: BODY_LIMIT.plain });
  install(fastify);
  for (const [path, bodyLimit] of [
    ['/plain', BODY_LIMIT.plain],
    ['/pictures', BODY_LIMIT.pictures],
  ] as const) {
    fastify.post(path, { bodyLimit }, (request) => ({ read: request.body === undefined ? 'nothing' : request.body }));
  }
  return fastify;
}

describe('JSON bodies', () => {
  const ours = server((fastify) =>
    installJsonBodies(fastify, { refused: new RefusedBodies(fastify), meterOf: () => UNCOUNTED }),
  );
  const usual = server(() => undefined);
  afterAll(() => Promise.all([ours.close(), usual.close()]));

  interface Told {
    status: number;
    body: string;
    connection: unknown;
  }
  async function told(
    fastify: FastifyInstance,
    url: string,
    body: string | Buffer | Buffer[],
    headers: Record<string, string>,
  ): Promise<Told> {
    const payload = Array.isArray(body) ? Readable.from(body) : body;
    const answer = await fastify.inject({ method: 'POST', url, payload, headers });
    return { status: answer.statusCode, body: answer.body, connection: answer.headers['connection'] };
  }

  const bodies: [string, string | Buffer | Buffer[], Record<string, string>?][] = [
    ['an object', '{"a":1}'],
    ['a number', '1'],
    ['null', 'null'],
    ['a list', '[{"base64":1}]'],
    ['nothing', ''],
    ['blanks', ' \n '],
    ['a byte order mark', '\ufeff{"a":1}'],
    ['a byte order mark and a picture', `\ufeff{${HOSTILE}}`],
    ['a byte order mark alone', '\ufeff'],
    ['a picture', `{${HOSTILE}}`],
    ['no end', `{${HOSTILE}`],
    ['more behind the end', `{${HOSTILE}} x`],
    ['numbers that are rounded', `{"a":[1e400,-0,12345678901234567890,0.1],${HOSTILE}}`],
    ['a prototype', `{"__proto__":{"x":1},${HOSTILE}}`],
    ['a prototype further in', `{"a":[{"\\u005f_proto__":{"x":1}}],${HOSTILE}}`],
    ['a prototype that is a picture', `{"__proto__":"${PICTURE}"}`],
    ['the prototype of a constructor', `{"constructor":{"prototype":{}},${HOSTILE}}`],
    ['a constructor', `{"constructor":3,${HOSTILE}}`],
    ['a name twice', `{"base64":1,${HOSTILE},"a":1,"a":2}`],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from(`{${HOSTILE},"a":"`), Buffer.of(0xff, 0xc3), Buffer.from('"}')]),
    ],
    ['a length that is too large', '{"a":1}', { 'content-length': String(BODY_LIMIT.pictures + 1) }],
    ['another length than it says', [Buffer.from('{"a":1}')], { 'content-length': '9' }],
    ['too much, as it says', Buffer.alloc(BODY_LIMIT.pictures + 1, 0x20)],
    [
      'too much, without saying so',
      [Buffer.from('{"base64":"'), ...Array.from({ length: 33 }, () => Buffer.alloc(1024 * 1024, 0x41))],
    ],
    ['as much text as may be, without saying so', [Buffer.from('1'), Buffer.alloc(TEXT_LIMIT - 1, 0x20)]],
    ['chunks', Array.from({ length: 64 }, (_, at) => Buffer.from(at === 0 ? `{${HOSTILE}}` : ' '))],
  ];

  it.each(bodies)('%s: read, or refused, as Fastify does', async (_, body, headers = {}) => {
    for (const url of ['/plain', '/pictures', '/nowhere']) {
      const all = { 'content-type': 'application/json; charset=utf-8', ...headers };
      const [own, theirs] = [await told(ours, url, body, all), await told(usual, url, body, all)];
      expect(own.body.length).toBe(theirs.body.length);
      expect(own.body === theirs.body && own).toMatchObject({ status: theirs.status, connection: theirs.connection });
    }
    expect({}).not.toHaveProperty('x');
  });

  describe('with more in them than anybody sends', () => {
    const CHUNK = 64 * 1024;
    /** Sends the beginning, 2 MiB that go on with it, and the end of the body only once there is an answer. */
    async function flood(url: string, begin: string, again: string): Promise<Told> {
      const rest = Buffer.from(again.repeat(Math.ceil(CHUNK / again.length)));
      let end = (): void => undefined;
      const answered = new Promise<void>((resolve) => (end = resolve));
      const chunks = async function* (): AsyncGenerator<Buffer> {
        yield Buffer.from(begin);
        for (let sent = 0; sent < 32; sent += 1) yield rest;
        await answered;
      };
      const payload = Readable.from(chunks());
      const headers = { 'content-type': 'application/json' };
      const answer = await ours.inject({ method: 'POST', url, payload, headers });
      end();
      return { status: answer.statusCode, body: answer.body, connection: answer.headers['connection'] };
    }
    const picture = (letter: string): string => `"${'A'.repeat(70_000)}${letter}`;

    it.each([
      ['brackets', '{"a":', '['],
      ['objects in objects', '{"a":', '{"a":'],
      ['empty objects', '{"a":[', '{},'],
      ['zeros', '{"a":[', '0,'],
      ['zeros, then a prototype', '{"__proto__":[', '0,'],
      ['names', '{', '"a":1,'],
      ['names of escapes', '{', '"\\u0041":1,'],
      ['one name without end', '{"', 'a'],
      ['one name of escapes without end', '{"', '\\u0041'],
      ['one text', '{"prompt":"', 'a'],
      ['one text of escapes', '{"prompt":"', '\\u0041'],
      ['one text of another script', '{"prompt":"', '\u6f22'],
      ['digits', '{"a":', '1'],
      ['blanks', '{"a":', ' '],
      ['commas', '{', ','],
      ['colons', '{', ':'],
      ['what is no picture', `{"image":${picture('!')}`, 'A'],
    ])('%s: answered before their end', async (_, begin, again) => {
      for (const url of ['/plain', '/pictures']) {
        const { status } = await flood(url, begin, again);
        expect([url, url === '/plain' ? [400, 413].includes(status) : status === 400]).toEqual([url, true]);
      }
    });

    it('name the field, and what is wrong with it', async () => {
      const body = async (url: string, begin: string, again: string): Promise<unknown> =>
        JSON.parse((await flood(url, begin, again)).body);
      expect(await body('/pictures', '{"a":1,"b":', '[')).toMatchObject({ message: 'bind_request_body_failed' });
      expect(await body('/pictures', `{"image":${picture('!')}`, 'A')).toMatchObject({ message: 'base64_is_invalid' });
    });
  });

  it('answers a client that breaks off as Fastify does', async () => {
    const breaking = (): Buffer[] | Readable =>
      Readable.from(
        (function* () {
          yield Buffer.from('{');
          throw new Error('gone');
        })(),
      );
    const ask = async (fastify: FastifyInstance): Promise<number | string> => {
      const headers = { 'content-type': 'application/json' };
      const payload = breaking() as Readable;
      const answer = fastify.inject({ method: 'POST', url: '/pictures', payload, headers });
      return answer.then(({ statusCode }) => statusCode, String);
    };
    expect(await ask(ours)).toBe(await ask(usual));
  });
});
