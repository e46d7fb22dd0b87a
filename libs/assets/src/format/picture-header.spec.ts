import sharp from 'sharp';
import { memoryReader } from './byte-reader.js';
import { shownSizeFromHeader, sizeFromHeader } from './picture-header.js';
import type { PictureType } from './picture-type.js';

const canvas = sharp({ create: { width: 321, height: 45, channels: 3, background: '#336699' } });
const size = (type: PictureType, bytes: Buffer): Promise<unknown> => sizeFromHeader(type, memoryReader(bytes));
const shown = (type: PictureType, bytes: Buffer): Promise<unknown> => shownSizeFromHeader(type, memoryReader(bytes));

describe('sizeFromHeader', () => {
  it.each([
    ['image/png', () => canvas.clone().png()],
    ['image/gif', () => canvas.clone().gif()],
    ['image/jpeg', () => canvas.clone().jpeg()],
    ['image/jpeg', () => canvas.clone().jpeg({ progressive: true }).withMetadata({ icc: 'p3' })],
    ['image/webp', () => canvas.clone().webp()],
    ['image/webp', () => canvas.clone().webp({ lossless: true })],
    ['image/webp', () => canvas.clone().ensureAlpha(0.5).webp()],
    ['image/avif', () => canvas.clone().avif()],
    ['image/avif', () => canvas.clone().ensureAlpha(0.5).avif({ bitdepth: 10 })],
  ] as const)('reads %s as a decoder would', async (type, make) => {
    expect(await size(type, await make().toBuffer())).toEqual({ width: 321, height: 45 });
  });

  it('finds the frame of a JPEG behind whatever comes first', async () => {
    const jpeg = await canvas.clone().jpeg().toBuffer();
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0xff, 0xff]), Buffer.alloc(65_533, 0xff)]);
    const fill = Buffer.alloc(5, 0xff);
    const long = [jpeg.subarray(0, 2), ...Array<Buffer>(40).fill(segment), fill, jpeg.subarray(2)];
    expect(await size('image/jpeg', Buffer.concat(long))).toEqual({ width: 321, height: 45 });
  });

  it('gives up on a JPEG that goes on and on', async () => {
    const jpeg = await canvas.clone().jpeg().toBuffer();
    const empty = Buffer.from([0xff, 0xe1, 0x00, 0x02]);
    expect(
      await size('image/jpeg', Buffer.concat([jpeg.subarray(0, 2), ...Array<Buffer>(1_000).fill(empty)])),
    ).toBeNull();
  });

  it.each([
    ['image/png', 32],
    ['image/gif', 12],
    ['image/webp', 29],
    ['image/jpeg', 20],
    ['image/jpeg', 2],
  ] as const)('states nothing of a %s of %d bytes', async (type, length) => {
    const format = type.slice('image/'.length) as 'png';
    expect(await size(type, (await canvas.clone().toFormat(format).toBuffer()).subarray(0, length))).toBeNull();
  });

  it('states nothing of a picture without an extent, nor of a type it does not know', async () => {
    const png = await canvas.clone().png().toBuffer();
    png.writeUInt32BE(0, 16);
    expect(await size('image/png', png)).toBeNull();
    expect(await size('image/avif', png)).toBeNull();
  });

  it.each(['image/png', 'image/gif', 'image/webp', 'image/jpeg', 'image/avif'] as const)(
    'takes any bytes as %s',
    async (type) => {
      for (const fill of [0x00, 0xff, 0xd8, 0x2f]) {
        for (let length = 0; length < 64; length += 1) {
          await expect(shown(type, Buffer.alloc(length, fill))).resolves.toBeDefined();
        }
      }
    },
  );
});

describe('shownSizeFromHeader', () => {
  const formats = ['png', 'jpeg', 'webp'] as const;
  const turned = (format: (typeof formats)[number], orientation: number): Promise<Buffer> =>
    canvas.clone().toFormat(format).withMetadata({ orientation }).toBuffer();

  it.each(formats.flatMap((format) => [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [format, orientation] as const)))(
    'turns a %s of orientation %d as a decoder would',
    async (format, orientation) => {
      const picture = await turned(format, orientation);
      const { autoOrient } = await sharp(picture).metadata();
      expect(await shown(`image/${format}`, picture)).toEqual(autoOrient);
      expect(await size(`image/${format}`, picture)).toEqual({ width: 321, height: 45 });
    },
  );

  it('leaves a picture as it lies whose EXIF data are nonsense', async () => {
    const picture = await turned('jpeg', 6);
    const exif = picture.indexOf('Exif') + 6;
    const entry = picture.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00]), exif);
    const nonsense = [
      ['the order of its bytes', exif, 0x20],
      ['where its directory is', exif + 7, 0x7f],
      ['how many entries that has', exif + 8, 0],
      ['a ninth orientation', entry + 8, 9],
      ['none', entry + 8, 0],
    ] as const;
    for (const [what, at, value] of nonsense) {
      const broken = Buffer.from(picture);
      broken[at] = value;
      expect([what, await shown('image/jpeg', broken)]).toEqual([what, { width: 321, height: 45 }]);
    }
  });

  it('goes by the turn that an AVIF itself states', async () => {
    const avif = await canvas.clone().avif().toBuffer();
    // In the list of properties, and of those of the item: a turn of 90 degrees.
    const irot = Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.from('irot'), Buffer.from([1])]);
    const made = withProperty(avif, irot);
    expect(await size('image/avif', made)).toEqual({ width: 45, height: 321 });
  });
});

/** The AVIF with one property more, which its only item has. */
function withProperty(avif: Buffer, property: Buffer): Buffer {
  const at = (name: string): number => avif.indexOf(name) - 4;
  const [ipco, ipma] = [at('ipco'), at('ipma')];
  const known = countBoxes(avif.subarray(ipco + 8, ipco + avif.readUInt32BE(ipco)));
  const count = ipma + 8 + 4 + 4 + 2;
  const made = Buffer.concat([
    avif.subarray(0, ipma),
    property,
    avif.subarray(ipma, count + 1),
    Buffer.from([known + 1]),
    avif.subarray(count + 1),
  ]);
  made[count + property.length] += 1;
  const grow = (name: string, by: number): number => made.writeUInt32BE(made.readUInt32BE(at(name)) + by, at(name));
  grow('ipco', property.length);
  made.writeUInt32BE(made.readUInt32BE(ipma + property.length) + 1, ipma + property.length);
  grow('iprp', property.length + 1);
  grow('meta', property.length + 1);
  return made;
}

function countBoxes(bytes: Buffer): number {
  return bytes.length < 8 ? 0 : 1 + countBoxes(bytes.subarray(bytes.readUInt32BE(0)));
}
