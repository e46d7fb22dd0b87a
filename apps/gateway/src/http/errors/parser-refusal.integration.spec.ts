import type http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendRaw } from '../../../../../test/support/raw-request.js';
import { until } from '../../../../../test/support/until.js';
import type { RequestHandler } from '../../traffic/connection.js';
import { Connections } from '../../traffic/connections.js';
import { ParserRefusals } from './parser-refusal.js';

describe('what the parser refuses', () => {
  const connections = new Connections();
  const refusals = new ParserRefusals(connections);
  let server: http.Server;
  let url: string;
  let answer: RequestHandler;

  beforeAll(async () => {
    server = connections.serve((request, response) => answer(request, response), {
      http: { requestTimeout: 200, headersTimeout: 100, connectionsCheckingInterval: 20 },
      requestTimeout: 200,
    });
    server.on('clientError', (error, socket) => refusals.refuse(error, socket as net.Socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => (answer = (request) => void request.resume()));

  it.each([
    ['headers', 'POST / HTTP/1.1\r\nhost: x\r\nx-a'],
    ['a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc'],
  ])('%s that never end are 408', async (_, bytes) => {
    const { status, headers, text } = await sendRaw(url, bytes);
    expect({ status, text }).toEqual({
      status: 408,
      text: '{"code":4,"description":"request_timeout","result":null}',
    });
    expect(headers).toMatchObject({ connection: 'close', 'content-type': 'application/json; charset=utf-8' });
  });

  it('is answered behind what was asked before, however many wait', async () => {
    const answers: ((text: string) => void)[] = [];
    answer = (_request, response) => {
      response.setHeader('content-length', '8');
      response.write('be');
      answers.push((text) => void response.end(text));
    };
    const sent = sendRaw(url, `${'GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(6)}no http\r\n\r\n`);
    for (let at = 0; at < 6; at += 1) (await until('a request', () => answers[at]))('gun.;;');
    const { bytes } = await sent;
    expect(bytes.match(/HTTP\/1\.1 \d+|begun\.;;/g)).toEqual([
      ...Array.from({ length: 6 }, () => ['HTTP/1.1 200', 'begun.;;']).flat(),
      'HTTP/1.1 400',
    ]);
  });

  it('of a body is answered in place of its request, unless that was answered before', async () => {
    const broken = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\nno chunk\r\n';
    answer = (request) => void request.on('error', () => undefined).resume();
    expect((await sendRaw(url, broken)).bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400']);
    answer = (request, response) => {
      request.on('error', () => undefined).resume();
      response.write('begun');
    };
    const { bytes } = await sendRaw(url, broken);
    expect(bytes.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(bytes).not.toContain('request_is_malformed');
  });

  it('is answered after an answer that has ended', async () => {
    answer = (_request, response) => void response.end('first');
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    while (!Buffer.concat(chunks).includes('first')) await sleep(5);
    socket.write('no http\r\n\r\n');
    await closed;
    expect(Buffer.concat(chunks).toString()).toMatch(/first.*HTTP\/1\.1 400 Bad Request.*request_is_malformed/s);
  });

  it('says nothing to a connection that is gone', () => {
    const socket = new net.Socket();
    socket.destroy();
    expect(() => refusals.refuse(new Error('x'), socket)).not.toThrow();
  });
});
