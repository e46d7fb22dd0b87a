import sharp from 'sharp';
import { sniffForeign } from './foreign-format.js';

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const canvas = sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } });

describe('sniffForeign', () => {
  it.each([
    ['heic', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['heic', '\0\0\0\x1cftypmif1\0\0\0\0mif1heicmiaf'],
    ['avif', '\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf'],
    ['tiff', 'II*\0\x08\0\0\0'],
    ['tiff', 'MM\0*\0\0\0\x08'],
    ['tiff', 'II+\0\x08\0\0\0'],
    ['bmp', `BM${'\0'.repeat(12)}\x28\0\0\0`],
    ['bmp', `BM${'\0'.repeat(12)}\x7c\0\0\0`],
    ['jxl', '\xff\x0a\0\0\0\0\0\0'],
    ['jxl', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['jp2', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['psd', '8BPS\0\x01\0\0'],
    ['ico', '\0\0\x01\0\x01\0\x10\x10'],
  ])('knows %s', (format, head) => {
    expect(sniffForeign(latin(head))).toBe(format);
  });

  it('knows what an encoder writes', async () => {
    expect(sniffForeign(await canvas.clone().tiff().toBuffer())).toBe('tiff');
    expect(sniffForeign(await canvas.clone().avif().toBuffer())).toBe('avif');
    for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
      expect(sniffForeign(await canvas.clone().toFormat(format).toBuffer())).toBeNull();
    }
  });

  it.each([
    '',
    'B',
    'BM',
    'BMW is a car',
    'II',
    'II*',
    '<svg xmlns="x"/>',
    '%PDF-1.7',
    '\0\0\0\x18ftypisom\0\0\0\0mp42',
    '\0\0\x01\0',
  ])('knows nothing of %j', (head) => {
    expect(sniffForeign(latin(head))).toBeNull();
  });
});
