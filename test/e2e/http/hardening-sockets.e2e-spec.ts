import net from 'node:net';
import { expectError } from '../../support/expect-error.js';
import { TestGateway } from '../../support/gateway.js';
import { sendRaw } from '../../support/raw-request.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';

const LIST = '/mj/task/list-by-condition';
/** Node counts trailers as headers from 24 on. */
const LONG_TRAILERS_STATUS = Number(process.versions.node.split('.')[0]) < 24 ? 400 : 431;

/** What comes over a socket that means no good. */
describe('sockets', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  const open: net.Socket[] = [];

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    gateway = await TestGateway.start({ upstreamUrl: upstream.url });
  });

  afterAll(async () => {
    for (const socket of open) socket.destroy();
    await gateway.close();
    await upstream.close();
  });

  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  const head = (): string =>
    `POST ${LIST} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-type: application/json\r\n`;
  const next = (): string => `GET /mj/task/1/fetch HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\n\r\n`;

  describe('that carry two meanings: refused, closed, and what follows is no request', () => {
    it.each<[string, (head: string) => string, number]>([
      ['length and chunks', (top) => `${top}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      ['chunks and length', (top) => `${top}transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n`, 400],
      ['two lengths', (top) => `${top}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`, 400],
      ['two equal lengths', (top) => `${top}content-length: 2\r\ncontent-length: 2\r\n\r\n{}`, 400],
      ['a list of lengths', (top) => `${top}content-length: 2, 2\r\n\r\n{}`, 400],
      ['a length with a sign', (top) => `${top}content-length: +2\r\n\r\n{}`, 400],
      ['a length in hex', (top) => `${top}content-length: 0x2\r\n\r\n{}`, 400],
      ['a length past 64 bits', (top) => `${top}content-length: 99999999999999999999\r\n\r\n{}`, 400],
      ['chunks within identity', (top) => `${top}transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n`, 400],
      ['a coding that is none', (top) => `${top}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n`, 501],
      ['a tab before the colon', (top) => `${top}transfer-encoding\t: chunked\r\n\r\n0\r\n\r\n`, 400],
      ['a folded header', (top) => `${top}x-a: b\r\n content-length: 2\r\n\r\n{}`, 400],
      ['a bare line feed after a header', (top) => `${top}x-a: b\ncontent-length: 2\r\n\r\n{}`, 400],
      ['a bare carriage return', (top) => `${top}x-a: b\rcontent-length: 2\r\n\r\n{}`, 400],
      ['NUL in a header', (top) => `${top}x-a: b\u0000\r\n\r\n`, 400],
      ['a chunk size that is none', (top) => `${top}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, 400],
      ['a chunk size with a sign', (top) => `${top}transfer-encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`, 400],
      ['a chunk longer than it says', (top) => `${top}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`, 400],
      ['a chunk size past 64 bits', (top) => `${top}transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n`, 400],
      ['17 KiB in a header', (top) => `${top}x-a: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
      ['10,000 headers', (top) => `${top}${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
      [
        '20 KiB of chunk extensions',
        (top) => `${top}transfer-encoding: chunked\r\n\r\n2;${'a'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
        400,
      ],
      [
        '17 KiB of trailers',
        (top) => `${top}transfer-encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(3_000)}\r\n`,
        LONG_TRAILERS_STATUS,
      ],
    ])('%s', async (_, bytes, status) => {
      const answer = await sendRaw(gateway.url, bytes(head()) + next());
      expect([answer.status, answer.bytes.match(/HTTP\/1\.1 \d{3}/g)]).toEqual([status, [`HTTP/1.1 ${status}`]]);
      expect(answer.bytes).not.toContain('task_no_found');
    });

    it('but a chunk extension is nobody’s harm, and pipelined requests are answered in their order', async () => {
      const answer = await sendRaw(
        gateway.url,
        `${head()}transfer-encoding: chunked\r\n\r\na;x=1\r\n{"ids":[]}\r\n0\r\n\r\n` +
          next().replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'),
      );
      expect(answer.bytes.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
      expect(answer.bytes.indexOf('[]')).toBeLessThan(answer.bytes.indexOf('task_no_found'));
    });
  });

  describe('that only wait', () => {
    const connect = (bytes: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(gateway.url);
        const socket = net.connect(Number(port), hostname, () => socket.write(bytes, () => resolve()));
        socket.on('error', reject);
        open.push(socket);
      });

    it.each<[string, number, (head: string) => string]>([
      ['say nothing', 300, () => ''],
      ['begin a line', 300, () => 'GET /mj'],
      ['begin a header', 300, (top) => `${top}x-a: `],
      ['keep the rest of a body', 300, (top) => `${top}content-length: 100\r\n\r\n{`],
      ['keep the rest of a chunk', 300, (top) => `${top}transfer-encoding: chunked\r\n\r\nff\r\n{`],
      ['were answered and stay', 300, (top) => `${top}content-length: 10\r\n\r\n{"ids":[]}`],
    ])('300 that %s keep nobody else from an answer', async (_, count, bytes) => {
      await Promise.all(Array.from({ length: count }, () => connect(bytes(head()))));
      const answers = await Promise.all([gateway.get('/mj/task/list'), gateway.get('/health/ready')]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect((await gateway.post('/mj/submit/imagine', { prompt: 'meanwhile' })).json).toMatchObject({ code: 1 });
    });
  });

  it('is told of a body that is too large before it comes, and a stranger before that', async () => {
    const large = 'content-length: 40000000\r\nconnection: close\r\n\r\n';
    const upload = `POST /mj/submit/blend HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
    expectError(
      await sendRaw(gateway.url, `${upload}authorization: Bearer ${gateway.key}\r\n${large}`),
      413,
      'request_body_too_large',
    );
    expectError(await sendRaw(gateway.url, upload + large), 401, 'invalid_api_key');
  });

  it('is asked for a body only when it may send one, and has no second say', async () => {
    const upload = 'POST /mj/submit/blend HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 300000\r\n';
    const json = 'content-type: application/json\r\n';
    const key = `authorization: Bearer ${gateway.key}\r\n`;
    for (const [headers, status] of [
      [json, 401],
      [`${json}authorization: Bearer sk-no\r\n`, 401],
      [`content-type: application/json; charset=utf-16\r\n${key}`, 415],
      [`content-type: multipart/form-data; boundary=x\r\n${key}`, 415],
    ] as const) {
      const answer = await sendRaw(gateway.url, `${upload}${headers}\r\n${next()}`);
      expect([headers, answer.bytes.match(/HTTP\/1\.1 \d{3}/g)]).toEqual([headers, [`HTTP/1.1 ${status}`]]);
    }
  });

  it('has not failed once', async () => {
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
    expect((await gateway.call('/health/live', {})).status).toBe(200);
  });
});
