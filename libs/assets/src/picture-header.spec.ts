import sharp from 'sharp';
import { sizeFromHeader, type ByteReader } from './picture-header.js';
import type { PictureType } from './picture-type.js';

const canvas = sharp({ create: { width: 321, height: 45, channels: 3, background: '#336699' } });
const reader =
  (bytes: Buffer): ByteReader =>
  (offset, length) =>
    bytes.subarray(offset, offset + length);
const size = (type: PictureType, bytes: Buffer): unknown => sizeFromHeader(type, reader(bytes));

describe('sizeFromHeader', () => {
  it.each([
    ['image/png', () => canvas.clone().png()],
    ['image/gif', () => canvas.clone().gif()],
    ['image/jpeg', () => canvas.clone().jpeg()],
    ['image/jpeg', () => canvas.clone().jpeg({ progressive: true }).withMetadata({ icc: 'p3' })],
    ['image/webp', () => canvas.clone().webp()],
    ['image/webp', () => canvas.clone().webp({ lossless: true })],
    ['image/webp', () => canvas.clone().ensureAlpha(0.5).webp()],
  ] as const)('reads %s as a decoder would', async (type, make) => {
    expect(size(type, await make().toBuffer())).toEqual({ width: 321, height: 45 });
  });

  it('finds the frame of a JPEG behind whatever comes first', async () => {
    const jpeg = await canvas.clone().jpeg().toBuffer();
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.alloc(65_533, 0xff)]);
    const fill = Buffer.alloc(5, 0xff);
    const long = [jpeg.subarray(0, 2), ...Array<Buffer>(40).fill(segment), fill, jpeg.subarray(2)];
    expect(size('image/jpeg', Buffer.concat(long))).toEqual({ width: 321, height: 45 });
  });

  it('gives up on a JPEG that goes on and on', async () => {
    const jpeg = await canvas.clone().jpeg().toBuffer();
    const empty = Buffer.from([0xff, 0xe1, 0x00, 0x02]);
    expect(size('image/jpeg', Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(1_000).fill(empty)]))).toBeNull();
  });

  it.each([
    ['image/png', 32],
    ['image/gif', 12],
    ['image/webp', 29],
    ['image/jpeg', 20],
    ['image/jpeg', 2],
  ] as const)('states nothing of a %s of %d bytes', async (type, length) => {
    const format = type.slice('image/'.length) as 'png';
    expect(size(type, (await canvas.clone().toFormat(format).toBuffer()).subarray(0, length))).toBeNull();
  });

  it('states nothing of a picture without an extent, nor of a type it does not know', async () => {
    const png = await canvas.clone().png().toBuffer();
    png.writeUInt32BE(0, 16);
    expect(size('image/png', png)).toBeNull();
    expect(size('image/avif', png)).toBeNull();
  });

  it.each(['image/png', 'image/gif', 'image/webp', 'image/jpeg'] as const)('takes any bytes as %s', (type) => {
    for (const fill of [0x00, 0xff, 0xd8, 0x2f]) {
      for (let length = 0; length < 64; length += 1) {
        expect(() => size(type, Buffer.alloc(length, fill))).not.toThrow();
      }
    }
  });
});
