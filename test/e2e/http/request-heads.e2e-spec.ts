import { gzipSync } from 'node:zlib';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { expectError } from '../../support/expect-error.js';
import { requestRaw, sendRaw, type RawAnswer } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';
const LIST = '/mj/task/list-by-condition';

/** What stands in the head of a request: which host, in which codings the body comes, and the name of the request. */
describe('heads of requests', () => {
  const { gateway } = useGateway({ environment: { ADMIN_KEY } });

  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nauthorization: Bearer ${gateway.key}\r\n`;
  const post = (path: string): string =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\n`;
  const next = `GET /mj/task/1/fetch HTTP/1.1\r\nhost: x\r\n\r\n`;
  const answersIn = ({ bytes }: RawAnswer): string[] | null => bytes.match(/HTTP\/1\.1 \d{3}/g);

  describe('hosts', () => {
    it.each([
      ['two', 'host: a.test\r\nhost: b.test\r\n'],
      ['one twice', 'host: a.test\r\nhost: a.test\r\n'],
      ['two in other spellings', 'Host: a.test\r\nHOST: b.test\r\n'],
      ['an empty one and one', 'host:\r\nhost: a.test\r\n'],
      ['none', ''],
    ])('%s: refused, and what follows is no request', async (_, hosts) => {
      for (const path of [`/mj/task/${ID}/fetch`, '/health/live', '/nothing', `/mj/image/${ID}`, '/docs-json']) {
        const answer = await sendRaw(gateway.url, `${get(path)}${hosts}\r\n${next}`);
        expectError(answer, 400, 'request_is_malformed');
        expect([path, answersIn(answer)]).toEqual([path, ['HTTP/1.1 400']]);
      }
      const admin = await sendRaw(
        gateway.url,
        `GET /admin/keys HTTP/1.1\r\n${hosts}authorization: Bearer ${ADMIN_KEY}\r\n\r\n`,
      );
      expect([admin.status, admin.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    });

    it('are none of HTTP/1.0', async () => {
      expect(await sendRaw(gateway.url, 'GET /health/live HTTP/1.0\r\n\r\n')).toMatchObject({ status: 200 });
    });
  });

  describe('transfer codings', () => {
    it.each([
      'gzip',
      'gzip, chunked',
      'gzip,chunked',
      'identity',
      'xchunked',
      'chunked;q=1',
      '"chunked"',
      'deflate, chunked',
    ])('%s: not known here, and what follows is no request', async (coding) => {
      for (const path of [LIST, '/mj/submit/imagine', '/nothing']) {
        const answer = await sendRaw(gateway.url, `${post(path)}transfer-encoding: ${coding}\r\n\r\n0\r\n\r\n${next}`);
        expectError(answer, 501, 'transfer_encoding_not_supported');
        expect([path, answersIn(answer)]).toEqual([path, ['HTTP/1.1 501']]);
      }
    });

    it.each(['chunked, identity', 'chunked, chunked', 'chunked,'])(
      '%s: chunks that do not come last',
      async (coding) => {
        const answer = await sendRaw(gateway.url, `${post(LIST)}transfer-encoding: ${coding}\r\n\r\n0\r\n\r\n${next}`);
        expectError(answer, 400, 'request_is_malformed');
      },
    );

    it('of two headers is no better than of one', async () => {
      const two = 'transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n';
      expectError(
        await sendRaw(gateway.url, `${post(LIST)}${two}\r\n0\r\n\r\n`),
        501,
        'transfer_encoding_not_supported',
      );
    });
  });

  describe('content codings', () => {
    const send = (body: Buffer, coding: string, path = LIST): Promise<RawAnswer> =>
      requestRaw(gateway.url, 'POST', path, {
        headers: {
          authorization: `Bearer ${gateway.key}`,
          'content-type': 'application/json',
          'content-encoding': coding,
        },
        body: body.toString('latin1'),
      });

    it('are decoded', async () => {
      expect(await send(gzipSync('{"ids":[]}'), 'gzip')).toMatchObject({ status: 200, text: '[]' });
      const submit = await send(gzipSync('{"prompt":"a compressed fox"}'), 'gzip', '/mj/submit/imagine');
      expect(JSON.parse(submit.text)).toMatchObject({ code: 1 });
    });

    it('that hold too much, that are broken or that nobody knows are refused, and the gateway goes on', async () => {
      expectError(await send(gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)), 'gzip'), 413, 'request_body_too_large');
      expectError(await send(Buffer.from('{"ids":[]}'), 'gzip'), 400, 'bind_request_body_failed');
      const unknown = await send(Buffer.from('{"ids":[]}'), 'zstd');
      expectError(unknown, 415, 'media_type_not_supported');
      expect(JSON.parse(unknown.text)).toMatchObject({ properties: { contentEncoding: 'zstd' } });
      expect(unknown.headers['accept-encoding']).toBe('gzip, deflate, br');
    });
  });

  describe('the name of a request', () => {
    const NAME = 'my-request.7';
    const key = (): string => `authorization: Bearer ${gateway.key}\r\n`;
    const CASES: [string, () => string, number][] = [
      ['an answer', () => `GET /mj/task/list HTTP/1.1\r\n${key()}`, 200],
      ['no key', () => `GET /mj/task/list HTTP/1.1\r\n`, 401],
      ['no route', () => `GET /nothing HTTP/1.1\r\n`, 404],
      ['a path that is none', () => `GET /%ff HTTP/1.1\r\n`, 404],
      ['a method that is none', () => `GET /mj/submit/imagine HTTP/1.1\r\n${key()}`, 405],
      [
        'a preflight',
        () =>
          `OPTIONS /mj/submit/imagine HTTP/1.1\r\norigin: https://a.test\r\naccess-control-request-method: POST\r\n`,
        204,
      ],
      [
        'a preflight of nothing',
        () => `OPTIONS /nothing HTTP/1.1\r\norigin: https://a.test\r\naccess-control-request-method: POST\r\n`,
        204,
      ],
      ['OPTIONS', () => `OPTIONS /mj/submit/imagine HTTP/1.1\r\n`, 204],
      ['OPTIONS of all', () => `OPTIONS * HTTP/1.1\r\n`, 204],
      ['a picture that is none', () => `GET /mj/image/${ID} HTTP/1.1\r\n`, 404],
      ['health', () => `GET /health/ready HTTP/1.1\r\n`, 200],
      ['the documentation', () => `GET /docs HTTP/1.1\r\n`, 200],
      ['a file of it', () => `GET /docs/swagger-ui.css HTTP/1.1\r\n`, 200],
      ['the document', () => `GET /docs-json HTTP/1.1\r\n`, 200],
      ['the admin API', () => `GET /admin/keys HTTP/1.1\r\nauthorization: Bearer ${ADMIN_KEY}\r\n`, 200],
      ['no admin key', () => `GET /admin/keys HTTP/1.1\r\n`, 401],
      ['metrics', () => `GET /metrics HTTP/1.1\r\nauthorization: Bearer ${ADMIN_KEY}\r\n`, 200],
      [
        'a body that is too large',
        () => `POST ${LIST} HTTP/1.1\r\n${key()}content-type: application/json\r\ncontent-length: 9999999\r\n`,
        413,
      ],
      [
        'a body that is no JSON',
        () => `POST ${LIST} HTTP/1.1\r\n${key()}content-type: text/plain\r\ncontent-length: 0\r\n`,
        415,
      ],
      ['a coding', () => `POST ${LIST} HTTP/1.1\r\n${key()}transfer-encoding: gzip, chunked\r\n`, 501],
    ];

    it.each(CASES)('is on %s', async (_, head, status) => {
      const ask = async (more: string): Promise<RawAnswer> =>
        sendRaw(gateway.url, `${head()}host: x\r\nconnection: close\r\n${more}\r\n`);
      const named = await ask(`x-request-id: ${NAME}\r\n`);
      expect([named.status, named.headers['x-request-id']]).toEqual([status, NAME]);
      const made = await ask('x-request-id: not a name\r\n');
      expect([made.status, made.headers['x-request-id']]).toEqual([status, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    });

    it.each([
      ['what is no HTTP', 'nonsense\r\n\r\n', 400],
      ['headers that are too large', `GET /mj HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
      ['two lengths', `POST ${LIST} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx`, 400],
      ['a coding that is none', `POST ${LIST} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n`, 501],
      ['an expectation', `POST ${LIST} HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\n\r\n`, 417],
      ['a tunnel', 'CONNECT elsewhere.test:443 HTTP/1.1\r\nhost: x\r\n\r\n', 405],
    ])('is on %s, which no route answers', async (_, bytes, status) => {
      const answer = await sendRaw(gateway.url, bytes);
      expect([answer.status, answer.headers['x-request-id']]).toEqual([
        status,
        expect.stringMatching(/^[\w.-]{1,128}$/),
      ]);
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(JSON.parse(answer.text)).toMatchObject({ code: 4, result: null });
    });
  });

  it('has not failed once', () => {
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
  });
});
