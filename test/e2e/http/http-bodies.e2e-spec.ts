import { expectError } from '../../support/expect-error.js';
import { requestRaw, sendRaw, type RawAnswer } from '../../support/raw-request.js';
import { useGateway } from '../../support/use-gateway.js';

const ID = '6240000000000001';
const LIST = '/mj/task/list-by-condition';

/** What comes in a body, and what is not HTTP at all, is refused or read as it is meant, never anything between. */
describe('bodies and the bytes of a request', () => {
  const { gateway } = useGateway();

  const ask = (
    method: string,
    target: string,
    more: { headers?: Record<string, string>; body?: string } = {},
  ): Promise<RawAnswer> =>
    requestRaw(gateway.url, method, target, {
      ...more,
      headers: { authorization: `Bearer ${gateway.key}`, ...more.headers },
    });

  describe('content types', () => {
    it.each([
      'application/json',
      'APPLICATION/JSON',
      'application/json; charset=utf-8',
      'application/json;charset="UTF-8"',
      ' application/json ',
    ])('takes %j', async (type) => {
      expect(await ask('POST', LIST, { headers: { 'content-type': type }, body: '{"ids":[]}' })).toMatchObject({
        status: 200,
        text: '[]',
      });
    });

    it.each([
      'application/json\ta',
      'application/json garbage',
      'application/jsonx',
      'application/json, text/plain',
      'application/json; charset=utf-16',
      'application/json; charset=utf-7',
      'application/json; charset="gb2312"',
      'text/plain',
      'text/json',
      'application/x-www-form-urlencoded',
      'x',
    ])('refuses %j', async (type) => {
      const answer = await ask('POST', LIST, { headers: { 'content-type': type }, body: '{"ids":[]}' });
      expectError(answer, 415, 'media_type_not_supported');
    });

    it('refuses a body without any', async () => {
      expectError(await ask('POST', LIST, { body: '{"ids":[]}' }), 415, 'media_type_not_supported');
    });

    it('never lets a body past its validation', async () => {
      for (const type of [
        'application/json;',
        'application/json;a',
        'application/json ;charset=utf-8',
        ';',
        '/',
        ',',
      ]) {
        const answer = await ask('POST', LIST, { headers: { 'content-type': type }, body: '{"ids":"x"}' });
        expect([400, 415]).toContain(answer.status);
        expectError(
          answer,
          answer.status,
          answer.status === 415 ? 'media_type_not_supported' : 'bind_request_body_failed',
        );
      }
    });
  });

  describe('bodies', () => {
    const post = (body: string): Promise<RawAnswer> =>
      ask('POST', LIST, { headers: { 'content-type': 'application/json' }, body });

    it.each([
      ['{"__proto__":{"polluted":1}}'],
      ['{"ids":[],"a":{"__proto__":{"polluted":1}}}'],
      ['{"constructor":{"prototype":{"polluted":1}}}'],
      ['{"\\u005f\\u005fproto__":{"polluted":1}}'],
      [`{"ids":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
      [`{"ids":[],"x":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`],
      ['{"ids":[]'],
      ['{"ids":[]} x'],
      ["{'ids':[]}"],
      ['\ufeff'],
      ['{"ids":["\\ud800"]}'],
      ['\u0000'],
    ])('%.50s is refused', async (body) => {
      expectError(await post(body), 400, 'bind_request_body_failed');
      expect({}).not.toHaveProperty('polluted');
    });

    it.each([
      ['{"ids":[],"constructor":3,"toString":1,"hasOwnProperty":2,"valueOf":null,"then":4,"length":-1}'],
      ['{"ids":"x","ids":[]}'],
      ['{"ids":[],"":1,"a b":2}'],
    ])('%s does no harm', async (body) => {
      expect(await post(body)).toMatchObject({ status: 200, text: '[]' });
    });
  });

  describe('what is not HTTP as it should be', () => {
    const head = `POST ${LIST} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
    it.each([
      ['two lengths', `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
      ['length and chunks', `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      ['a folded header', `${head}x-a: b\r\n c: d\r\n\r\n`, 400],
      ['a negative length', `${head}content-length: -1\r\n\r\n`, 400],
      ['a space in a name', `${head}content-length : 2\r\n\r\n{}`, 400],
      ['an unknown method', 'BREW /mj HTTP/1.1\r\nhost: x\r\n\r\n', 400],
      ['NUL in the path', 'GET /mj/\u0000 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
      ['no host', 'GET /mj HTTP/1.1\r\n\r\n', 400],
      ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003', 400],
      ['17 KiB of headers', `GET /mj HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
      ['10,000 headers', `GET /mj HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
      ['a path of 17 KiB', `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
      [
        'an expectation nobody meets',
        `${head}expect: miracles\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`,
        417,
      ],
    ])('%s: refused, and the connection is closed', async (_, bytes, status) => {
      const answer = await sendRaw(gateway.url, bytes);
      expect(answer.status).toBe(status);
      expect(answer.bytes.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    });

    it('is said in JSON where the parser leaves room for it', async () => {
      expectError(await sendRaw(gateway.url, 'no http\r\n\r\n'), 400, 'request_is_malformed');
      expectError(
        await sendRaw(gateway.url, `GET /${'a'.repeat(17_000)} HTTP/1.1\r\nhost: x\r\n\r\n`),
        431,
        'request_header_too_large',
      );
    });

    it('does not mistake what follows a refused request for another', async () => {
      const smuggled = `GET /mj/task/${ID}/fetch HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\n\r\n`;
      const answer = await sendRaw(
        gateway.url,
        `${head}content-length: 0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      );
      expect(answer.bytes.match(/HTTP\/1\.1 /g)).toHaveLength(1);
      expect(answer.bytes).not.toContain('task_no_found');
    });
  });

  it('goes on with a body only after its 100', async () => {
    const answer = await ask('POST', LIST, {
      headers: { 'content-type': 'application/json', expect: '100-continue' },
      body: '{"ids":[]}',
    });
    expect(answer.bytes).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
  });

  it('has not failed once', async () => {
    const failures = gateway.logs.filter(
      (line) => /"level":"?(?:error|50)/.test(line) || line.includes('internal_error'),
    );
    expect(failures).toEqual([]);
    expect((await gateway.call('/health/live', {})).status).toBe(200);
  });
});
