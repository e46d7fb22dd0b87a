import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HookRig, until } from '../../test/hook-rig.js';
import { pour, RawReceiver } from '../../test/raw-receiver.js';
import type { HookAttempt } from '../store/hook-attempt.entity.js';

const MEGABYTE = 1_048_576;
/** What systems on both sides of a loopback connection may hold on top of the 16 KiB that are read. */
const SOCKET_BUFFERS = 16 * MEGABYTE;
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
const BOMB = gzipSync(Buffer.alloc(50 * MEGABYTE));
const tls = JSON.parse(readFileSync(join(import.meta.dirname, '../../../net/test/tls.json'), 'utf8')) as Record<
  'key' | 'valid' | 'otherHost' | 'expired' | 'selfSigned',
  string
>;

let rig: HookRig;
beforeAll(async () => {
  rig = await HookRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

/** The one try of one delivery that has a single try. */
async function oneTry(url: string, state: 'delivered' | 'dead'): Promise<HookAttempt> {
  const taskId = await rig.task();
  rig.dispatcher({ retrySchedule: [], deadlineMs: 500 });
  await rig.finish(taskId, url);
  await rig.settled(taskId, state);
  const [attempt, ...more] = await rig.attempts(taskId);
  expect(more).toEqual([]);
  expect(attempt?.ms).toBeGreaterThanOrEqual(0);
  if (attempt === undefined) throw new Error('no attempt was recorded');
  return attempt;
}

type Misbehaviour = [string, (socket: Socket) => void, 'delivered' | 'dead', Partial<HookAttempt>];

describe('a receiver that', () => {
  it.each<Misbehaviour>([
    ['hangs', () => undefined, 'dead', { class: 'timeout', status: null }],
    [
      'drips its headers',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx-a: ', 'b'),
      'dead',
      { class: 'timeout', status: null },
    ],
    ['drips hints before the answer', (socket) => drip(socket, '', HINTS), 'dead', { class: 'timeout', status: null }],
    [
      'drips its body',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', 'x'),
      'delivered',
      { class: 'delivered', status: 200 },
    ],
    [
      'resets after the status',
      (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', () => socket.resetAndDestroy()),
      'delivered',
      { class: 'delivered', status: 200 },
    ],
    ['resets before it', (socket) => socket.resetAndDestroy(), 'dead', { class: 'reset', status: null }],
    ['says 204', (socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'), 'delivered', { status: 204, answer: '' }],
    ['floods with hints', (socket) => pour(socket, Buffer.from(HINTS.repeat(100))), 'dead', { class: 'protocol' }],
    [
      'breaks its chunks',
      (socket) => socket.write('HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc'),
      'dead',
      { class: 'status_5xx', status: 500 },
    ],
    [
      'sends 100 KB of header',
      (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`),
      'dead',
      { class: 'too_large', status: null },
    ],
    ['speaks another protocol', (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'), 'dead', { class: 'protocol' }],
  ])('%s costs one request', async (_what, script, state, expected) => {
    const receiver = await rig.opened(RawReceiver.start(script));
    expect(await oneTry(receiver.origin, state)).toMatchObject({ attempt: 1, ...expected });
    expect(receiver.requests).toBe(1);
  });

  it('sends 5 GB is read for 16 KiB and cut', async () => {
    const receiver = await rig.opened(
      RawReceiver.start((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 5368709120\r\n\r\n');
        pour(socket, Buffer.alloc(64 * 1_024, 120));
      }),
    );
    expect((await oneTry(receiver.origin, 'delivered')).answer).toBe('x'.repeat(1_024));
    await receiver.drained();
    expect(receiver.taken).toBeLessThan(SOCKET_BUFFERS);
  });

  it('sends a gzip bomb is not inflated', async () => {
    const receiver = await rig.opened(
      RawReceiver.start((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${BOMB.length}\r\n\r\n`);
        socket.write(BOMB);
      }),
    );
    // The beginning of a gzip file, not the zeros that are in it.
    expect((await oneTry(receiver.origin, 'delivered')).answer.charCodeAt(0)).toBe(0x1f);
  });

  it.each(['expired', 'selfSigned', 'otherHost', 'valid'] as const)(
    'shows a certificate that proves nothing (%s) is told nothing',
    async (certificate) => {
      let requests = 0;
      const server = createServer({ cert: tls[certificate], key: tls.key }, (_request, response) => {
        requests += 1;
        response.end();
      }).on('tlsClientError', () => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      try {
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
        expect(await oneTry(url, 'dead')).toMatchObject({ class: 'tls', status: null, answer: '' });
        expect(requests).toBe(0);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    },
  );
});

describe('a redirect', () => {
  const targets = [
    'itself',
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
    '//127.0.0.1:1/',
    'file:///etc/passwd',
  ];
  it.each([301, 302, 303, 307, 308])('with %d is a failure after one request, wherever it leads', async (status) => {
    for (const target of targets) {
      const receiver = await rig.receiver();
      const location = target === 'itself' ? `${receiver.origin}/again` : target;
      receiver.behaviour = (hook) => hook.answer(status, { location });
      expect(await oneTry(receiver.origin, 'dead')).toMatchObject({ class: 'status_3xx', status });
      expect(receiver.hooks).toHaveLength(1);
    }
  });
});

describe('a receiver that asks for silence', () => {
  it.each([
    [503, new Date(Date.now() + 86_400_000).toUTCString(), 3_600_000],
    [429, '999999999', 3_600_000],
    [503, '300', 300_000],
    [429, '-1', 0],
    [503, 'a while', 0],
  ])('with %d and Retry-After %p is left alone for %d ms', async (status, header, silenceMs) => {
    const receiver = await rig.receiver();
    receiver.behaviour = (hook) => hook.answer(status, { 'retry-after': header });
    const taskId = await rig.task();
    rig.dispatcher({ retrySchedule: [5] });
    await rig.finish(taskId, receiver.origin);
    await until(async () => (await rig.attempts(taskId)).length === 1);
    const { sentAt, nextAt } = await rig.row(taskId);
    const wait = Number(nextAt) - Number(sentAt);
    expect(wait).toBeGreaterThan(Math.max(silenceMs, 5_000) - 1);
    // Between its send and its settling; in any case less than what the next larger rule would make of it.
    expect(wait).toBeLessThan(Math.max(silenceMs, 5_000) + 60_000);
    expect(receiver.hooks).toHaveLength(1);
  });
});

function drip(socket: Socket, first: string, drop: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(drop), 50);
  socket.on('close', () => clearInterval(timer));
}
