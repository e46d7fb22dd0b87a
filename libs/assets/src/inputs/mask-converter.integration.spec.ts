import sharp, { type Sharp } from 'sharp';
import { CONVERTER_DEFAULTS, ConverterPool } from '../conversion/converter-pool.js';
import { MaskConverter } from './mask-converter.js';

describe('MaskConverter', () => {
  const converters = new ConverterPool(CONVERTER_DEFAULTS);
  const masks = new MaskConverter(converters);

  afterAll(() => converters.onApplicationShutdown());

  /** A row of pixels as PNG. @param pixels values of its channels */
  const row = (pixels: number[][]): Sharp =>
    sharp(Buffer.from(pixels.flat()), {
      raw: { width: pixels.length, height: 1, channels: (pixels[0]?.length ?? 1) as 1 | 2 | 3 | 4 },
    });

  /** What each pixel of a converted mask is: white, black, or its values. */
  async function converted(mask: Buffer): Promise<string[]> {
    const made = await masks.convert(mask, 'test');
    if (made.kind !== 'converted') throw new Error(made.kind);
    const { format, hasAlpha } = await sharp(made.bytes).metadata();
    expect({ format, hasAlpha }).toEqual({ format: 'png', hasAlpha: false });
    const { data, info } = await sharp(made.bytes).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
    return Array.from({ length: info.width * info.height }, (_, at) => {
      const values = [...data.subarray(at * info.channels, (at + 1) * info.channels)].join();
      return { '255,255,255': 'white', '0,0,0': 'black' }[values] ?? values;
    });
  }

  it('repaints what is transparent where anything is, whatever its colour', async () => {
    const mask = await row([
      [255, 255, 255, 255],
      [0, 0, 0, 0],
      [255, 255, 255, 0],
      [0, 0, 0, 127],
      [255, 255, 255, 128],
    ])
      .png()
      .toBuffer();
    expect(await converted(mask)).toEqual(['black', 'white', 'white', 'white', 'black']);
  });

  it.each([
    ['grey', [[0], [127], [128], [255]]],
    [
      'opaque colours',
      [
        [0, 0, 0, 255],
        [120, 120, 120, 255],
        [140, 140, 140, 255],
        [255, 255, 255, 255],
      ],
    ],
    [
      'hardly transparent ones',
      [
        [0, 0, 0, 250],
        [120, 120, 120, 255],
        [140, 140, 140, 240],
        [255, 255, 255, 255],
      ],
    ],
  ])('repaints what is rather white where nothing is transparent: %s', async (_, pixels) => {
    expect(await converted(await row(pixels).png().toBuffer())).toEqual(['black', 'black', 'white', 'white']);
  });

  it('reads masks of 16 bits, of a palette, and other formats', async () => {
    const grey = [[0], [255], [0], [255]];
    const deep = await row(grey).toColourspace('grey16').png().toBuffer();
    expect(await converted(deep)).toEqual(['black', 'white', 'black', 'white']);
    const clear = [
      [0, 0, 0, 0],
      [0, 0, 0, 255],
      [0, 0, 0, 0],
      [0, 0, 0, 255],
    ];
    expect(await converted(await row(clear).toColourspace('rgb16').png().toBuffer())).toEqual([
      'white',
      'black',
      'white',
      'black',
    ]);
    for (const made of [row(clear).png({ palette: true }), row(clear).webp({ lossless: true }), row(clear).gif()]) {
      expect(await converted(await made.toBuffer())).toEqual(['white', 'black', 'white', 'black']);
    }
  });

  it('keeps the size', async () => {
    const mask = await sharp({ create: { width: 640, height: 413, channels: 4, background: '#00000000' } })
      .png()
      .toBuffer();
    const made = await masks.convert(mask, 'test');
    if (made.kind !== 'converted') throw new Error(made.kind);
    expect(await sharp(made.bytes).metadata()).toMatchObject({ width: 640, height: 413 });
    expect((await sharp(made.bytes).stats()).channels.map(({ min }) => min)).toEqual([255, 255, 255]);
  });

  it('says what it cannot read', async () => {
    const torn = (
      await sharp({ create: { width: 400, height: 400, channels: 3, background: '#fff' } })
        .png()
        .toBuffer()
    ).subarray(0, 60);
    expect(await masks.convert(torn, 'test')).toEqual({ kind: 'unreadable' });
    expect(await masks.convert(Buffer.from('no picture'), 'test')).toEqual({ kind: 'unreadable' });
    const wide = new MaskConverter(new ConverterPool({ ...CONVERTER_DEFAULTS, memoryBytes: 1024 }));
    expect(
      await wide.convert(
        await row([[0], [255]])
          .png()
          .toBuffer(),
        'test',
      ),
    ).toEqual({ kind: 'too_large' });
  });
});
