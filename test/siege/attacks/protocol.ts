import { randomBytes } from 'node:crypto';
import { sized, type Attack, type Target } from '../attack.js';
import { ask, connect, crowdAddress, pour, requestText, tally, withKey } from '../sockets.js';

/** Requests that no honest client sends. */
function oddities(target: Target): readonly (string | Buffer)[] {
  return [
    randomBytes(4_096),
    // TLS to a plain port, HTTP/2 by prior knowledge, and a proxy's request.
    Buffer.from('16030100a5010000a10303', 'hex'),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'CONNECT 127.0.0.1:5432 HTTP/1.1\r\nhost: a\r\n\r\n',
    'GET http://127.0.0.1:5432/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    'TRACE / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n',
    'POST /mj/submit/imagine HTTP/1.1\r\nhost: a\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    'POST /mj/submit/imagine HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    requestText('GET', `/mj/task/list?${'a=b&'.repeat(3_000)}`, { ...withKey(target), connection: 'close' }),
    requestText('GET', `/${'a/'.repeat(7_000)}`, { connection: 'close' }),
    requestText('GET', '/mj/image/%00%ff..%2f', { connection: 'close' }),
    `GET / HTTP/1.1\r\n${'x: y\r\n'.repeat(20_000)}\r\n`,
    requestText('GET', '/mj/task/list?__proto__[x]=1&constructor=2', { ...withKey(target), connection: 'close' }),
    requestText('OPTIONS', '*', { connection: 'close' }),
  ];
}

const odd: Attack = {
  name: 'odd-requests',
  about: 'Random bytes, other protocols, doubled headers, endless paths, queries and headers.',
  limitMs: 120_000,
  run: async (target) => {
    const texts = oddities(target);
    const lines: string[] = [];
    let next = 0;
    const count = texts.length * sized(target, 60, 12);
    const lane = async (): Promise<void> => {
      while (next < count) {
        const number = next;
        next += 1;
        lines.push(await ask(target, texts[number % texts.length] ?? '', crowdAddress(number), 3_000));
      }
    };
    await Promise.all(Array.from({ length: 20 }, lane));
    return tally(lines);
  },
};

const unendingHeaders: Attack = {
  name: 'unending-headers',
  about: 'Headers and request lines that never end, as fast as they are read.',
  limitMs: 60_000,
  run: async (target) => {
    const endless = function* (unit: string): Iterable<string> {
      for (let sent = 0; sent < 64; sent += 1) yield unit.repeat(16_384);
    };
    await Promise.all(
      Array.from({ length: sized(target, 100, 30) }, async (_, number) => {
        const peer = await connect(target, { from: crowdAddress(number) });
        if (peer === null) return;
        peer.socket.write(number % 2 === 0 ? 'GET /docs HTTP/1.1\r\n' : 'GET /');
        await pour(peer, endless(number % 2 === 0 ? 'a: b\r\n' : 'aaaaaa'));
        peer.socket.destroy();
      }),
    );
    return 'sent';
  },
};

export const PROTOCOL: readonly Attack[] = [odd, unendingHeaders];
