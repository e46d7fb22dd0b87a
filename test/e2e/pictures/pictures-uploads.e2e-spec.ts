import sharp from 'sharp';
import { TestGateway, type Answer } from '../../support/gateway.js';
import { ScriptedUpstream } from '../../support/scripted-upstream.js';

const canvas = sharp({ create: { width: 12, height: 8, channels: 3, background: '#336699' } });

/** Pictures in bodies: what is refused, by which name, and that nothing was sent, opened or charged by then. */
describe('pictures that come in', () => {
  let upstream: ScriptedUpstream;
  let gateway: TestGateway;
  const files: Record<'png' | 'jpeg' | 'webp' | 'gif' | 'avif', Buffer> = {} as never;

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    const accept = upstream.onSubmit;
    upstream.onSubmit = (submit, response) =>
      submit.path.endsWith('/upload-discord-images')
        ? { code: 1, result: ['https://cdn.example/a.png'] }
        : accept(submit, response);
    gateway = await TestGateway.start({
      upstreamUrl: upstream.url,
      environment: { EGRESS_ALLOW: '', UPSTREAM_MAX_CONCURRENT: '1000' },
    });
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
      files[format] = await canvas.clone().toFormat(format).toBuffer();
    }
  });

  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  /** A PNG that states another extent. */
  const extent = (width: number, height: number): Buffer => {
    const png = Buffer.from(files.png);
    png.writeUInt32BE(width, 16);
    png.writeUInt32BE(height, 20);
    return png;
  };
  const dataUrl = (bytes: Buffer, type = 'image/png'): string => `data:${type};base64,${bytes.toString('base64')}`;
  const raw = (): string => files.png.toString('base64');

  /** Every way in for a picture: a body of the route that carries it. */
  const WAYS: [string, string, (picture: string) => Record<string, unknown>][] = [
    ['/mj/submit/imagine', 'base64Array', (picture) => ({ prompt: 'x', base64Array: [picture] })],
    ['/mj/submit/imagine', 'base64', (picture) => ({ prompt: 'x', base64: picture })],
    ['/mj/submit/blend', 'base64Array', (picture) => ({ base64Array: [raw(), picture] })],
    ['/mj/submit/describe', 'base64', (picture) => ({ base64: picture })],
    ['/mj/submit/describe', 'base64Array', (picture) => ({ base64Array: [picture] })],
    ['/mj/submit/edits', 'image', (picture) => ({ prompt: 'x', image: picture })],
    ['/mj/submit/retexture', 'base64Array', (picture) => ({ prompt: 'x', base64Array: [picture] })],
    ['/mj/submit/video', 'image', (picture) => ({ prompt: 'x', image: picture })],
    ['/mj/submit/video', 'endImage', (picture) => ({ prompt: 'x', image: raw(), endImage: picture })],
    ['/mj/submit/upload-discord-images', 'base64Array', (picture) => ({ base64Array: [raw(), picture] })],
    ['/mj/insight-face/swap', 'targetBase64', (picture) => ({ sourceBase64: raw(), targetBase64: picture })],
  ];

  const ways: [string, string][] = WAYS.map(([path, field]) => [path, field]);
  const send = (path: string, field: string, picture: string): Promise<Answer> => {
    const way = WAYS.find(([other, name]) => other === path && name === field);
    return gateway.post(path, way?.[2](picture) ?? {});
  };

  describe('and are none', () => {
    const REFUSED: Record<string, () => [string, string]> = {
      'a letter that is none': () => [dataUrl(files.png).slice(0, -8) + '!!!!AAA=', 'base64_is_invalid'],
      'letters of more than eight bits': () => [`${raw().slice(0, -8)}\u0141AAAAAA=`, 'base64_is_invalid'],
      'missing padding': () => [`data:image/png;base64,${raw().replace(/=+$/, '')}`, 'base64_is_invalid'],
      'padding in the middle': () => [`${raw().slice(0, 40)}AA==${raw().slice(40)}`, 'base64_is_invalid'],
      nothing: () => ['data:image/png;base64,', 'base64_is_invalid'],
      'lines without an end': () => [`${raw().slice(0, 40)}\n${raw().slice(40, 70)}\n`, 'base64_is_invalid'],
      'a head without an end': () => [`data:image/png;base64${raw()}`, 'base64_is_invalid'],
      'a png that was cut off': () => [dataUrl(files.png.subarray(0, files.png.length - 20)), 'base64_is_invalid'],
      'a jpeg that was cut off': () => [dataUrl(files.jpeg.subarray(0, files.jpeg.length - 20)), 'base64_is_invalid'],
      'a webp that was cut off': () => [dataUrl(files.webp.subarray(0, files.webp.length - 20)), 'base64_is_invalid'],
      'a gif that was cut off': () => [dataUrl(files.gif.subarray(0, files.gif.length - 20)), 'base64_is_invalid'],
      html: () => ['data:text/html;base64,PGh0bWw+', 'base64_is_invalid'],
      svg: () => ['data:image/svg+xml;base64,PHN2Zy8+', 'base64_is_invalid'],
      'html that says png': () => [dataUrl(Buffer.from('<html><script>1</script>')), 'base64_is_invalid'],
      'svg that says png': () => [dataUrl(Buffer.from('<svg xmlns="x"/>')), 'base64_is_invalid'],
      'a page within a png': () => [
        dataUrl(Buffer.concat([files.png.subarray(0, 33), Buffer.from('<html><script>1</script>')])),
        'base64_is_invalid',
      ],
      'a script that begins like a gif': () => [
        dataUrl(Buffer.from('GIF89a/*xxxxxxxxxxxxxxxx*/=1;alert(1)//xxxxxx'), 'image/gif'),
        'base64_is_invalid',
      ],
      'a signature alone': () => [dataUrl(files.png.subarray(0, 30)), 'base64_is_invalid'],
      'a jpeg without a frame': () => [dataUrl(files.jpeg.subarray(0, 30), 'image/jpeg'), 'base64_is_invalid'],
      'a gzip of a picture': () => [dataUrl(Buffer.from('1f8b0800000000000003', 'hex')), 'base64_is_invalid'],
      'no extent': () => [dataUrl(extent(0, 8)), 'base64_is_invalid'],
      '100 megapixels': () => [dataUrl(extent(10_000, 10_000)), 'image_too_large'],
      'one pixel over 50 megapixels': () => [dataUrl(extent(16_000, 3_126)), 'image_too_large'],
      '20,000 px a side': () => [dataUrl(extent(20_000, 1)), 'image_too_large'],
      '4 thousand million px a side': () => [dataUrl(extent(0xffffffff, 0xffffffff)), 'image_too_large'],
      '10 MiB and a byte': () => [
        dataUrl(Buffer.concat([files.png, Buffer.alloc(10 * 1024 * 1024 + 1 - files.png.length)])),
        'image_too_large',
      ],
    };

    it.each(Object.keys(REFUSED))('%s: refused by its name, on every way in', async (name) => {
      const [picture, description] = REFUSED[name]?.() ?? ['', ''];
      for (const [path, field] of ways) {
        const answer = await send(path, field, picture);
        expect([path, field, answer.status, answer.json]).toEqual([
          path,
          field,
          400,
          { code: 4, description, result: null, properties: { field } },
        ]);
      }
    });

    const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
    const FOREIGN: [string, string, () => Buffer][] = [
      ['bmp', 'a bitmap', () => latin(`BM${'\0'.repeat(12)}\x28\0\0\0${'\0'.repeat(60)}`)],
      ['heic', 'a photograph of a phone', () => latin(`\0\0\0\x18ftypheic\0\0\0\0mif1heic${'\0'.repeat(60)}`)],
      ['jxl', 'a JPEG XL', () => latin(`\xff\x0a${'\0'.repeat(60)}`)],
      ['tiff', 'a broken TIFF', () => latin(`II*\0\x08\0\0\0${'\0'.repeat(60)}`)],
      ['avif', 'an AVIF without its pixels', () => files.avif.subarray(0, files.avif.length - 20)],
      ['avif', 'an AVIF without its properties', () => files.avif.subarray(0, 60)],
    ];
    it.each(FOREIGN)('%s: %s is refused, and its format named', async (format, _, make) => {
      for (const [path, field] of ways) {
        const answer = await send(path, field, make().toString('base64'));
        const properties = { field, format };
        expect([path, answer.status, answer.json]).toEqual([
          path,
          400,
          { code: 4, description: 'base64_is_invalid', result: null, properties },
        ]);
      }
    });

    it('an AVIF of some bytes and 99 megapixels is too large, and no decoder sees it', async () => {
      const bomb = Buffer.from(files.avif);
      const at = bomb.indexOf('ispe');
      bomb.writeUInt32BE(11_500, at + 8);
      bomb.writeUInt32BE(8_600, at + 12);
      for (const [path, field] of ways) {
        const answer = await send(path, field, dataUrl(bomb, 'image/avif'));
        expect([path, answer.status, answer.json['description']]).toEqual([path, 400, 'image_too_large']);
      }
    });

    it.each<[string, Record<string, unknown>]>([
      ['/mj/submit/upload-discord-images', { base64Array: Array<string>(11).fill('AAAA') }],
      ['/mj/submit/upload-discord-images', { base64Array: [] }],
      ['/mj/submit/blend', { base64Array: Array<string>(6).fill('AAAA') }],
      ['/mj/submit/blend', { base64Array: ['AAAA'] }],
    ])('too many or too few: %s %.60j', async (path, body) => {
      expect((await gateway.post(path, body)).json).toMatchObject({
        code: 4,
        description: 'base64_array_is_required',
      });
    });

    it('counts before it looks at any', async () => {
      const [path, field] = ['/mj/submit/upload-discord-images', 'base64Array'];
      expect((await gateway.post(path, { [field]: Array<string>(11).fill('!') })).json['description']).toBe(
        'base64_array_is_required',
      );
    });

    it.each(['/mj/submit/imagine', '/mj/submit/blend', '/mj/submit/upload-discord-images'])(
      'more than 32 MiB of them: %s',
      async (path) => {
        const answer = await gateway.post(path, `{"base64Array":["${'A'.repeat(33 * 1024 * 1024)}"]}`);
        expect([answer.status, answer.json['description']]).toEqual([413, 'request_body_too_large']);
      },
    );

    it('left nothing: no call, no task, no charge', async () => {
      expect(upstream.submits).toEqual([]);
      expect(await gateway.sql('select id from task')).toEqual([]);
      expect(await gateway.sql('select * from ledger')).toEqual([]);
      expect(gateway.logs.join('')).not.toContain(raw().slice(0, 40));
    });
  });

  describe('and are some', () => {
    it.each(['png', 'jpeg', 'webp', 'gif'] as const)('%s, with its name and without', async (format) => {
      const type = `image/${format}`;
      for (const text of [dataUrl(files[format], type), files[format].toString('base64')]) {
        upstream.submits.length = 0;
        expect((await send('/mj/submit/describe', 'base64', text)).json).toMatchObject({ code: 1 });
        expect(JSON.stringify(upstream.submits[0]?.body)).toContain(dataUrl(files[format], type));
      }
    });

    it.each<[string, string, () => Promise<Buffer>]>([
      ['an AVIF', 'jpeg', () => canvas.clone().avif().toBuffer()],
      ['an AVIF with transparency', 'png', () => canvas.clone().ensureAlpha(0.5).avif().toBuffer()],
      ['a TIFF', 'jpeg', () => canvas.clone().tiff({ compression: 'lzw' }).toBuffer()],
      ['a TIFF that lies on its side', 'jpeg', () => canvas.clone().tiff().withMetadata({ orientation: 6 }).toBuffer()],
    ])('%s: passed on as %s, from every way in', async (_, format, make) => {
      const picture = await make();
      const isTurned = (await sharp(picture).metadata()).orientation === 6;
      for (const text of [picture.toString('base64'), dataUrl(picture, 'application/octet-stream')]) {
        for (const [path, field] of ways) {
          upstream.submits.length = 0;
          expect([path, (await send(path, field, text)).json['code']]).toEqual([path, 1]);
          const sent = JSON.stringify(upstream.submits[0]?.body);
          const [, base64 = ''] =
            new RegExp(`data:image/${format};base64,([^"]+)"(?!.*data:image/${format})`).exec(sent) ?? [];
          const found = await sharp(Buffer.from(base64, 'base64')).metadata();
          expect([path, found]).toMatchObject([path, { format, width: isTurned ? 8 : 12, height: isTurned ? 12 : 8 }]);
        }
      }
    });

    it.each([
      ['image/jpg', 'jpeg'],
      ['IMAGE/PNG', 'png'],
      ['image/png', 'webp'],
      ['image/gif', 'jpeg'],
    ] as const)('called %s, being %s: passed on under the right name', async (type, format) => {
      upstream.submits.length = 0;
      expect((await send('/mj/submit/describe', 'base64', dataUrl(files[format], type))).json).toMatchObject({
        code: 1,
      });
      expect(JSON.stringify(upstream.submits[0]?.body)).toContain(dataUrl(files[format], `image/${format}`));
    });

    const lines = (text: string, length: number, end: string): string =>
      text.replaceAll(new RegExp(`.{${length}}`, 'g'), `$&${end}`);
    const WRITTEN: [string, (base64: string) => string][] = [
      ['with a line break at its end', (text) => `data:image/png;base64,${text}\n`],
      ['in lines of 76 with CRLF', (text) => lines(text, 76, '\r\n')],
      ['in lines of 64', (text) => `data:image/png;base64,\n${lines(text, 64, '\n')}`],
      ['in the alphabet of URLs', (text) => text.replaceAll('+', '-').replaceAll('/', '_')],
      ['with blanks for plus signs', (text) => `data:image/png;base64,${text.replaceAll('+', ' ')}`],
      ['without a media type', (text) => `data:;base64,${text}`],
      ['with no more than a comma', (text) => `data:,${text}`],
      ['with a charset', (text) => `data:image/png;charset=utf-8;base64,${text}`],
      ['with a file name', (text) => `data:image/png;name=two, three \u56fe.png;base64,${text}`],
      ['as bytes of any kind', (text) => `data:application/octet-stream;base64,${text}`],
      ['as an old name', (text) => `data:image/x-png;base64,${text}`],
      ['as another old name', (text) => `data:image/pjpeg;base64, ${text}`],
      ['as no picture', (text) => `data:text/html;base64,${text}`],
      ['behind blanks', (text) => `  \n data:image/png;base64,${text}`],
    ];

    it.each(WRITTEN)('%s, small and large: passed on clean', async (_, write) => {
      const noise = Buffer.from(Array.from({ length: 200_000 }, (_, at) => (at * 31 + (at >> 7) * 17) & 0xff));
      for (const bytes of [files.png, Buffer.concat([files.png, noise])]) {
        const base64 = bytes.toString('base64');
        upstream.submits.length = 0;
        const { json } = await send('/mj/submit/describe', 'base64', write(base64));
        expect(json).toMatchObject({ code: 1 });
        expect(upstream.submits[0]?.body['base64'] === `data:image/png;base64,${base64}`).toBe(true);
      }
    });

    it('written so in every way in', async () => {
      const picture = `data:application/x-unknown;name=a.png;base64,${lines(raw(), 64, '\r\n')}`;
      for (const [path, field] of ways) {
        upstream.submits.length = 0;
        const { json } = await send(path, field, picture);
        expect([path, field, json['code']]).toEqual([path, field, 1]);
        expect(JSON.stringify(upstream.submits[0]?.body)).toContain(dataUrl(files.png));
      }
    });

    it('a picture of 10 MiB in lines, which are no bytes of it', async () => {
      const full = Buffer.concat([files.png, Buffer.alloc(10 * 1024 * 1024 - files.png.length)]).toString('base64');
      expect((await send('/mj/submit/describe', 'base64', lines(full, 64, '\r\n'))).json).toMatchObject({ code: 1 });
      const more = Buffer.concat([files.png, Buffer.alloc(10 * 1024 * 1024)]).toString('base64');
      const answer = await send('/mj/submit/describe', 'base64', lines(more, 64, '\r\n'));
      expect(answer.json).toMatchObject({ code: 4, description: 'image_too_large', properties: { field: 'base64' } });
    });

    it('of exactly 10 MiB, and of exactly 50 megapixels', async () => {
      const full = Buffer.concat([files.png, Buffer.alloc(10 * 1024 * 1024 - files.png.length)]);
      expect((await send('/mj/submit/describe', 'base64', dataUrl(full))).json).toMatchObject({ code: 1 });
      expect((await send('/mj/submit/describe', 'base64', dataUrl(extent(16_000, 3_125)))).json).toMatchObject({
        code: 1,
      });
    });

    it('in every way in', async () => {
      for (const [path, field] of ways) {
        const { json } = await send(path, field, dataUrl(files.png));
        expect([path, field, json['code']]).toEqual([path, field, 1]);
      }
    });
  });
});
