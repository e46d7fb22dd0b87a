import net from 'node:net';
import { ADMIN_KEY } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** How a body begins, and what is sent after it again and again. */
interface Flood {
  begin: string;
  again: string;
}

const FLOODS: Record<string, Flood> = {
  brackets: { begin: '{"a":', again: '[' },
  'objects in objects': { begin: '{"a":', again: '{"a":' },
  'empty objects': { begin: '{"a":[', again: '{},' },
  'zeros, then a constructor': { begin: '{"constructor":[', again: '0,' },
  names: { begin: '{', again: '"a":1,' },
  'one name': { begin: '{"', again: 'a' },
  'one name of escapes': { begin: '{"', again: '\\u0041' },
};

const MEGABYTES: Record<string, Flood> = {
  'one text of escapes': { begin: '{"prompt":"', again: '\\u0041' },
  digits: { begin: '{"a":', again: '1' },
  blanks: { begin: '{"a":', again: '        ' },
  'what is no picture': { begin: '{"base64":"!', again: 'AAAA' },
};

/** What has more structure than anybody sends is refused before its end, wherever JSON is read. */
describe('structure of bodies', () => {
  const { gateway } = useGateway({ environment: { ADMIN_KEY } });
  const open: net.Socket[] = [];

  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  const head = (path: string, key: string, method = 'POST', type = 'application/json'): string =>
    `${method} ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\ntransfer-encoding: chunked\r\n\r\n`;
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

  /** Sends so much of a body, and its end and another request only once it was answered. @returns both answers */
  async function flood(start: string, { begin, again }: Flood, bytes = 192 * 1024): Promise<string[]> {
    let received = '';
    const { hostname, port } = new URL(gateway.url);
    const socket = net.connect(Number(port), hostname);
    open.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => (received += bytes.toString('latin1')));
    const answers = (): string[] => received.split('HTTP/1.1 ').slice(1);
    socket.write(start + chunk(begin));
    const piece = chunk(again.repeat(Math.ceil((64 * 1024) / again.length)));
    for (let sent = 0; sent < bytes; sent += 64 * 1024) socket.write(piece);
    await until('the answer', () => (received.includes('\r\n\r\n') ? true : null));
    socket.write('0\r\n\r\nGET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await until('the other answer', () => (answers().length > 1 ? true : null));
    return answers();
  }

  it.each(Object.entries(FLOODS))('%s: refused before their end, and the connection goes on', async (_, body) => {
    for (const path of ['/mj/submit/imagine', '/mj/submit/action', '/mj/task/list-by-condition', '/mj/prompt/lint']) {
      const [refused, next] = await flood(head(path, gateway.key), body);
      expect([path, refused]).toEqual([
        path,
        expect.stringMatching(/^400 [^]*"description":"bind_request_body_failed"/),
      ]);
      expect(next).toMatch(/^200 /);
    }
    const [refused] = await flood(head('/admin/keys', ADMIN_KEY), body);
    expect(refused).toMatch(/^400 [^]*application\/problem\+json[^]*:body_is_malformed"/);
    const [price] = await flood(head('/admin/prices', ADMIN_KEY, 'PUT'), { ...body, begin: `[${body.begin}` });
    expect(price).toMatch(/^400 /);
  });

  it.each(Object.entries(MEGABYTES))('a megabyte of %s: refused before its end', async (name, body) => {
    const [refused, next] = await flood(head('/mj/submit/describe', gateway.key), body, 2 * 1024 * 1024);
    const description = name === 'what is no picture' ? 'base64_is_invalid' : 'bind_request_body_failed';
    expect(refused).toMatch(new RegExp(`^400 [^]*"description":"${description}"`));
    expect(next).toMatch(/^200 /);
  });

  it('is looked at in the parts of a form', async () => {
    const form = head('/mj/insight-face/swap', gateway.key, 'POST', 'multipart/form-data; boundary=b');
    const begin =
      '--b\r\ncontent-disposition: form-data; name="accountFilter"\r\ncontent-type: application/json\r\n\r\n';
    const [refused, next] = await flood(form, { begin, again: '[' });
    expect(refused).toMatch(/^400 [^]*"field":"accountFilter"/);
    expect(next).toMatch(/^200 /);
  });

  it('is whatever clients send in earnest', async () => {
    const fields = Object.fromEntries(Array.from({ length: 505 }, (_, at) => [`unknown ${at}`.padEnd(256, 'x'), at]));
    const deep: unknown = JSON.parse(`${'['.repeat(30)}1${']'.repeat(30)}`);
    const { json } = await gateway.post('/mj/submit/imagine', { prompt: 'a fox', deep, ...fields });
    expect(json).toMatchObject({ code: 1 });
    const ids = Array.from({ length: 10_000 }, (_, at) => String(6_240_000_000_000_000 + at));
    expect(await gateway.post('/mj/task/list-by-condition', { ids })).toMatchObject({ status: 200, text: '[]' });
  });

  it('may be in the query, which is read as far as any route knows one', async () => {
    const many = Array.from({ length: 1_500 }, (_, at) => `a${at}=1`).join('&');
    for (const query of [
      many,
      `__proto__=1&constructor=2&limit=2&${many}`,
      '&'.repeat(10_000),
      '%'.repeat(10_000),
      `${'limit=1&'.repeat(1_500)}`,
    ]) {
      const { status } = await gateway.get(`/mj/task/list?${query}`);
      expect([query.slice(0, 30), status]).toEqual([query.slice(0, 30), query.startsWith('limit') ? 400 : 200]);
    }
    expect({}).not.toHaveProperty('1');
  });

  it('has not failed once', async () => {
    expect(gateway.logs.filter((line) => line.includes('internal_error'))).toEqual([]);
    expect((await gateway.get('/health/live')).status).toBe(200);
  });
});
