import sharp, { type Sharp } from 'sharp';
import { memoryReader } from './byte-reader.js';
import type { PictureType } from './picture-type.js';
import { isWholePicture } from './whole-picture.js';

const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;
type Format = (typeof FORMATS)[number];

const noise = (): Sharp =>
  sharp({
    create: {
      width: 200,
      height: 150,
      channels: 3,
      background: '#000000',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
const isWhole = (format: Format, bytes: Buffer): Promise<boolean> =>
  isWholePicture(`image/${format}`, bytes.length, memoryReader(bytes));
const pictures = {} as Record<Format, Buffer>;

beforeAll(async () => {
  for (const format of FORMATS) pictures[format] = await noise().toFormat(format).toBuffer();
});

/** Bytes of the size of a film, in which no mark of an end stands. */
const film = Buffer.alloc(400_000, 0x5a);

describe('a whole picture', () => {
  it.each(FORMATS)('is a %s as encoders write it', async (format) => {
    expect(await isWhole(format, pictures[format])).toBe(true);
  });

  it.each(FORMATS)('is no %s that was cut off anywhere', async (format) => {
    const { length } = pictures[format];
    for (const kept of [0.05, 0.2, 0.5, 0.8, 0.95]) {
      const torn = pictures[format].subarray(0, Math.floor(length * kept));
      expect([kept, await isWhole(format, torn)]).toEqual([kept, false]);
    }
    expect(await isWhole(format, pictures[format].subarray(0, length - 20))).toBe(false);
  });

  it.each(FORMATS)('is a %s with something behind it', async (format) => {
    for (const behind of [Buffer.alloc(1), Buffer.alloc(5_000), Buffer.from('\r\n'), film]) {
      expect([behind.length, await isWhole(format, Buffer.concat([pictures[format], behind]))]).toEqual([
        behind.length,
        true,
      ]);
    }
  });

  it('is a progressive JPEG, and one with several pictures in it as cameras make them', async () => {
    const progressive = await noise().jpeg({ progressive: true }).withMetadata({ icc: 'p3' }).toBuffer();
    expect(await isWhole('jpeg', progressive)).toBe(true);
    expect(await isWhole('jpeg', progressive.subarray(0, progressive.length - 500))).toBe(false);
    const several = Buffer.concat([pictures.jpeg, pictures.jpeg]);
    expect(await isWhole('jpeg', several)).toBe(true);
    // The first one is what is shown.
    expect(await isWhole('jpeg', several.subarray(0, several.length - 500))).toBe(true);
  });

  it('is no JPEG whose preview alone has its end', async () => {
    const preview = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.alloc(40), Buffer.from([0xff, 0xd9])]);
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, preview.length + 2]), preview]);
    const jpeg = Buffer.concat([pictures.jpeg.subarray(0, 2), segment, pictures.jpeg.subarray(2)]);
    expect(await isWhole('jpeg', jpeg)).toBe(true);
    expect(await isWhole('jpeg', jpeg.subarray(0, jpeg.length - 500))).toBe(false);
  });

  it('is a moving one, and none that broke off between frames', async () => {
    const raw = Buffer.alloc(64 * 64 * 8 * 3);
    for (let at = 0; at < raw.length; at += 1) raw[at] = (at * 7919) >> 5;
    const frames = (): Sharp => sharp(raw, { raw: { width: 64, height: 64 * 8, channels: 3, pageHeight: 64 } });
    for (const format of ['gif', 'webp'] as const) {
      const moving = await frames().toFormat(format).toBuffer();
      expect([format, await isWhole(format, moving)]).toEqual([format, true]);
      expect([format, await isWhole(format, Buffer.concat([moving, film]))]).toEqual([format, true]);
      expect([format, await isWhole(format, moving.subarray(0, moving.length >> 1))]).toEqual([format, false]);
    }
  });

  it('is a PNG without its last checksum, and a WebP without its last padding', async () => {
    expect(await isWhole('png', pictures.png.subarray(0, pictures.png.length - 4))).toBe(true);
    const odd = Buffer.concat([pictures.webp]);
    odd.writeUInt32LE(odd.length - 8 + 1, 4);
    expect(await isWhole('webp', odd)).toBe(true);
  });

  it('is no PNG without pixels', async () => {
    const { png } = pictures;
    expect(await isWhole('png', Buffer.concat([png.subarray(0, 33), png.subarray(png.length - 12)]))).toBe(false);
  });

  it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'] as const)(
    'is judged of any bytes as %s',
    async (type: PictureType) => {
      for (const fill of [0x00, 0xff, 0x21, 0x2c, 0x3b]) {
        for (const length of [0, 1, 7, 8, 12, 13, 30, 64, 70_000, 300_000]) {
          const bytes = Buffer.alloc(length, fill);
          await expect(isWholePicture(type, length, memoryReader(bytes))).resolves.toEqual(expect.any(Boolean));
        }
      }
    },
  );

  it('of 10 MiB costs few reads', async () => {
    const large = await sharp({
      create: {
        width: 2_200,
        height: 1_600,
        channels: 3,
        background: '#000000',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    let bytes = 0;
    const read = memoryReader(large);
    const counted = (offset: number, length: number): Uint8Array | Promise<Uint8Array> => {
      bytes += length;
      return read(offset, length);
    };
    expect(await isWholePicture('image/jpeg', large.length, counted)).toBe(true);
    expect(large.length).toBeGreaterThan(3_000_000);
    expect(bytes).toBeLessThan(100_000);
  });
});
