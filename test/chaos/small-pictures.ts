import { crc32, deflateSync } from 'node:zlib';

const SIDE = 48;
const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** Two small PNG pictures of one colour each, as data URIs, which no two requests have in common. */
export function picturesOf(request: number): [string, string] {
  const green = request & 0xff;
  const blue = (request >> 8) & 0xff;
  return [dataUriOf(200, green, blue), dataUriOf(100, green, blue)];
}

function dataUriOf(red: number, green: number, blue: number): string {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(3 * SIDE, Buffer.from([red, green, blue]))]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(SIDE, 0);
  head.writeUInt32BE(SIDE, 4);
  // Eight bits, red green blue.
  head.set([8, 2], 8);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: SIDE }, () => row)));
  const png = Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
  return `data:image/png;base64,${png.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
