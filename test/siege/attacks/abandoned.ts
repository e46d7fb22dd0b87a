import { setTimeout as sleep } from 'node:timers/promises';
import { sized, type Attack, type Target } from '../attack.js';
import { connect, connectMany, crowdAddress, requestText, tally, withKey, type Peer } from '../sockets.js';

const PIPELINED = 600;

/** So many requests on each of some connections, whose client goes away after a while without having read. */
async function abandon(target: Target, paths: readonly string[], connections: number, ms: number): Promise<string> {
  const peers = await connectMany(target, connections, (number) => ({ from: crowdAddress(number), isDeaf: true }));
  for (const [at, { socket }] of peers.entries())
    socket.write(requestText('GET', paths[at % paths.length] ?? '/', withKey(target)).repeat(PIPELINED));
  await sleep(ms);
  for (const { socket } of peers) socket.destroy();
  return `${peers.length} connections × ${PIPELINED}`;
}

const documentAbandoned: Attack = {
  name: 'document-abandoned',
  about: 'Connections pipeline 600 `GET /docs-json` each and are closed after 1.5 s.',
  limitMs: 60_000,
  run: (target) => abandon(target, ['/docs-json'], sized(target, 27, 9), 1_500),
};

const picturesAbandoned: Attack = {
  name: 'pictures-abandoned',
  about: 'Connections pipeline 600 picture downloads each and are closed unread.',
  limitMs: 60_000,
  run: (target) =>
    abandon(
      target,
      target.pictureIds.map((id) => `/mj/image/${id}`),
      sized(target, 30, 10),
      2_000,
    ),
};

/** Ways in which a connection can end under a request. */
const ENDINGS: readonly ((peer: Peer, target: Target) => Promise<void>)[] = [
  // The client resets the connection right after its request.
  async ({ socket }, target) => {
    socket.write(requestText('GET', '/mj/task/list?limit=5', withKey(target)));
    await sleep(5);
    socket.resetAndDestroy();
  },
  // The client says that it will send no more, and reads on.
  async ({ socket, closed }, target) => {
    socket.end(requestText('GET', '/mj/task/queue', { ...withKey(target), connection: 'close' }));
    await Promise.race([closed, sleep(2_000)]);
  },
  // Several requests on one connection, which is closed in between.
  async ({ socket }, target) => {
    socket.write(requestText('GET', '/health/ready').repeat(8) + requestText('GET', '/docs-json').repeat(8));
    await sleep(10);
    socket.destroy();
    void target;
  },
  // A body that stops in the middle.
  async ({ socket }, target) => {
    socket.write(
      `POST /mj/submit/imagine HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${target.key}\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"prompt":`,
    );
    await sleep(10);
    socket.destroy();
  },
  // A body of pieces that stops in the middle of a piece.
  async ({ socket }, target) => {
    socket.write(
      `POST /mj/submit/blend HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${target.key}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nfff\r\n{"base64Array":["`,
    );
    await sleep(10);
    socket.resetAndDestroy();
  },
  // A request that asks before it sends, and leaves instead.
  async ({ socket }, target) => {
    socket.write(
      `POST /mj/submit/blend HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${target.key}\r\ncontent-type: application/json\r\nexpect: 100-continue\r\ncontent-length: 9000000\r\n\r\n`,
    );
    await sleep(10);
    socket.destroy();
  },
  // A download that is left in the middle.
  async ({ socket }, target) => {
    socket.write(requestText('GET', `/mj/image/${target.pictureIds[0] ?? '1'}`));
    await sleep(10);
    socket.destroy();
  },
  // A long poll that is left.
  async ({ socket }, target) => {
    socket.write(requestText('GET', `/mj/task/${target.fatIds[0] ?? '1'}/fetch?wait=30`, withKey(target)));
    await sleep(5);
    socket.destroy();
  },
  // A stream of events that is left.
  async ({ socket }, target) => {
    socket.write(requestText('GET', `/mj/task/${target.fatIds[0] ?? '1'}/events`, withKey(target)));
    await sleep(10);
    socket.resetAndDestroy();
  },
  // An answer without a body, and errors of every kind, on a connection that is kept.
  async ({ socket, closed }, target) => {
    const texts = [
      requestText('HEAD', `/mj/image/${target.pictureIds[0] ?? '1'}`),
      requestText('GET', '/nowhere'),
      requestText(
        'POST',
        '/mj/submit/imagine',
        { ...withKey(target), 'content-type': 'application/json' },
        '{"prompt":""}',
      ),
      requestText('OPTIONS', '/mj/submit/imagine'),
      requestText('GET', '/mj/task/list', { connection: 'close' }),
    ];
    socket.write(texts.join(''));
    await Promise.race([closed, sleep(2_000)]);
    socket.destroy();
  },
  // A request for another protocol.
  async ({ socket }) => {
    socket.write(requestText('GET', '/docs-json', { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }));
    await sleep(10);
    socket.destroy();
  },
];

const everyEnding: Attack = {
  name: 'every-ending',
  about: 'Ten thousand requests, ended in every way that a connection can.',
  limitMs: 240_000,
  run: async (target) => {
    const count = sized(target, 10_000, 2_000);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < count) {
        const number = next;
        next += 1;
        const peer = await connect(target, { from: crowdAddress(number) });
        if (peer !== null) await ENDINGS[number % ENDINGS.length]?.(peer, target);
        peer?.socket.destroy();
      }
    };
    await Promise.all(Array.from({ length: 40 }, lane));
    return tally([`${ENDINGS.length} endings`]);
  },
};

export const ABANDONED: readonly Attack[] = [documentAbandoned, picturesAbandoned, everyEnding];
