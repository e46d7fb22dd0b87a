import sharp from 'sharp';
import { agreesWith, sniffType } from './picture-type.js';

const canvas = sharp({ create: { width: 32, height: 24, channels: 3, background: '#336699' } });
const ftyp = (...brands: string[]): Buffer => {
  const body = Buffer.from(`ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`, 'latin1');
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 4);
  return Buffer.concat([size, body, Buffer.alloc(32)]);
};
const webm = Buffer.concat([
  Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x9f]),
  Buffer.from('\x42\x86\x81\x01\x42\x82\x84webm', 'latin1'),
]);

async function picture(format: 'png' | 'jpeg' | 'webp' | 'gif' | 'avif'): Promise<Buffer> {
  return canvas.clone().toFormat(format).toBuffer();
}

describe('sniffType', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('knows %s', async (format) => {
    expect(sniffType(await picture(format))).toBe(`image/${format}`);
  });

  it('knows videos', () => {
    expect(sniffType(ftyp('isom', 'iso2', 'avc1', 'mp41'))).toBe('video/mp4');
    expect(sniffType(ftyp('mp42'))).toBe('video/mp4');
    expect(sniffType(webm)).toBe('video/webm');
  });

  it.each([
    ['html', '<!DOCTYPE html><html><script>alert(1)</script>'],
    ['html after blanks', `${' '.repeat(300)}<HTML>`],
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['svg after a declaration', '<?xml version="1.0"?>\n<!-- x --><svg></svg>'],
    ['svgz', '\x1f\x8b\x08\x00\x00\x00\x00\x00'],
    ['svg in UTF-16', '\ufeff<svg>'],
    ['pdf', '%PDF-1.7'],
    ['json', '{"code":4}'],
    ['a script that begins like a gif', 'GIF89a/*xxxxxxxxxxxxxxxx*/=1;alert(1)'],
    ['a quicktime film', ftyp('qt  ').toString('latin1')],
    ['a matroska film', '\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska'],
    ['a bitmap', 'BM\x00\x00\x00\x00'],
    ['an icon', '\x00\x00\x01\x00\x01\x00'],
    ['a png signature and html', '\x89PNG\r\n\x1a\n<html><body>'],
    ['a jpeg signature and html', '\xff\xd8\xff<html><body>'],
    ['a RIFF that is sound', 'RIFF\x00\x00\x00\x00WAVEfmt '],
    ['nothing', ''],
    ['half a signature', '\x89PNG'],
  ])('refuses %s', (_, text) => {
    expect(sniffType(Buffer.from(text, 'latin1'))).toBeNull();
  });

  it('refuses UTF-16 with a byte order mark', () => {
    expect(sniffType(Buffer.from('\ufeff<svg xmlns="x">', 'utf16le'))).toBeNull();
  });

  it('refuses a picture that is a page as well', async () => {
    const png = await picture('png');
    const page = Buffer.from('<html><script>alert(1)</script></html>');
    expect(sniffType(Buffer.concat([png.subarray(0, 33), page, png.subarray(33)]))).toBeNull();
  });

  it('takes a picture with XMP, as Midjourney writes them', async () => {
    const xmp = '<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF/></x:xmpmeta>';
    expect(sniffType(await canvas.clone().withXmp(xmp).png().toBuffer())).toBe('image/png');
  });
});

describe('the declared type', () => {
  it.each([
    ['image/png', true],
    ['IMAGE/PNG; charset=binary', true],
    ['image/jpeg', true],
    [undefined, true],
    ['', true],
    ['application/octet-stream', true],
    ['binary/octet-stream', true],
    ['text/html', false],
    ['text/html; charset=utf-8', false],
    ['image/svg+xml', false],
    ['image/png, text/html', false],
    ['image/png;a=b, text/html', false],
    ['video/mp4', false],
    ['image', false],
    ['application/json', false],
  ])('%s for a png: %s', (declared, agrees) => {
    expect(agreesWith('image/png', declared)).toBe(agrees);
  });

  it('twice is a contradiction', () => {
    expect(agreesWith('image/png', ['image/png', 'text/html'])).toBe(false);
  });
});
