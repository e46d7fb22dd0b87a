import sharp, { type Sharp } from 'sharp';
import { QUARTER_COLOURS } from '../../test/asset-fixture.js';
import type { Conversion } from './conversion-order.js';
import { CONVERTER_DEFAULTS, ConverterPool } from './converter-pool.js';

const MIB = 1024 * 1024;
const DARK = [31, 31, 31];
const pools: ConverterPool[] = [];
afterEach(() => {
  for (const made of pools.splice(0)) made.onApplicationShutdown();
});

function compose(tiles: readonly (Buffer | null)[], memoryBytes = CONVERTER_DEFAULTS.memoryBytes): Promise<Conversion> {
  const pool = new ConverterPool({ ...CONVERTER_DEFAULTS, memoryBytes });
  pools.push(pool);
  const files = tiles.map((bytes) => (bytes === null ? null : { bytes }));
  return pool.compose({
    prepare: () => Promise.resolve({ tiles: files, release: () => Promise.resolve() }),
    asker: 'a',
    label: 'a grid',
  });
}

async function composed(tiles: readonly (Buffer | null)[], memoryBytes?: number): Promise<Buffer> {
  const made = await compose(tiles, memoryBytes);
  if (made.kind !== 'made' || made.bytes === null) throw new Error(made.kind);
  return Buffer.from(made.bytes);
}

function plain(background: string, width = 60, height = 60): Sharp {
  return sharp({ create: { width, height, channels: 3, background } });
}

async function colourAt(grid: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(grid).extract({ left, top, width: 1, height: 1 }).removeAlpha().raw().toBuffer())];
}

const four = (): Promise<Buffer[]> => Promise.all(QUARTER_COLOURS.map((colour) => plain(colour).png().toBuffer()));
const [RED, GREEN, BLUE, WHITE] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];

describe('a composed grid', () => {
  it('of four has 1 upper left, 2 upper right, 3 lower left, 4 lower right', async () => {
    const grid = await composed(await four());
    expect(await sharp(grid).metadata()).toMatchObject({ format: 'png', width: 120, height: 120 });
    const corners = await Promise.all([
      colourAt(grid, 5, 5),
      colourAt(grid, 115, 5),
      colourAt(grid, 5, 115),
      colourAt(grid, 115, 115),
    ]);
    expect(corners).toEqual([RED, GREEN, BLUE, WHITE]);
  });

  it('leaves the place of a withheld picture dark', async () => {
    const [red, , blue, white] = await four();
    const grid = await composed([red ?? null, null, blue ?? null, white ?? null]);
    expect(await colourAt(grid, 90, 30)).toEqual(DARK);
    expect(await colourAt(grid, 30, 90)).toEqual(BLUE);
  });

  it('has room for the largest picture, and a smaller one in the middle of its place', async () => {
    const grid = await composed([
      await plain('#ff0000', 20, 10).png().toBuffer(),
      await plain('#00ff00', 60, 40).png().toBuffer(),
    ]);
    expect(await sharp(grid).metadata()).toMatchObject({ width: 120, height: 40 });
    expect(await colourAt(grid, 30, 20)).toEqual(RED);
    expect(await colourAt(grid, 5, 5)).toEqual(DARK);
    expect(await colourAt(grid, 65, 5)).toEqual(GREEN);
  });

  it('is a JPEG of JPEGs, and a WebP of what else loses nothing by it', async () => {
    const jpeg = await plain('#ff0000').jpeg().toBuffer();
    const webp = await plain('#ff0000').webp().toBuffer();
    expect((await sharp(await composed([jpeg, jpeg])).metadata()).format).toBe('jpeg');
    expect((await sharp(await composed([jpeg, webp])).metadata()).format).toBe('webp');
  });

  it.each([
    ['grey', plain('#808080').toColourspace('b-w').png()],
    ['16 bits', plain('#808080').toColourspace('rgb16').png()],
    ['a palette', plain('#808080').png({ palette: true })],
    ['CMYK', plain('#808080').toColourspace('cmyk').jpeg()],
    ['transparent', sharp({ create: { width: 60, height: 60, channels: 4, background: '#80808000' } }).png()],
    ['GIF', plain('#808080').gif()],
  ])('takes pictures of %s', async (_, picture) => {
    const grid = await composed([await picture.toBuffer(), (await four())[1] ?? null]);
    expect(await sharp(grid).metadata()).toMatchObject({ width: 120, height: 60, channels: 3 });
    expect(await colourAt(grid, 90, 30)).toEqual(GREEN);
  });

  it('of large pictures is no larger than four of 2,048 px', async () => {
    const large = await plain('#ff0000', 3_000, 3_000).png().toBuffer();
    const grid = await composed([large, large, null, large]);
    expect(await sharp(grid).metadata()).toMatchObject({ width: 4_096, height: 4_096 });
  });

  it('is smaller where there is little memory', async () => {
    const large = await plain('#ff0000', 2_000, 2_000).png().toBuffer();
    const { width } = await sharp(await composed([large, large, large, large], 72 * MIB)).metadata();
    expect(width).toBe(2_048);
    expect(await compose([large, large, large, large], 30 * MIB)).toEqual({ kind: 'too_large' });
  });

  it('is none where a picture cannot be read', async () => {
    expect(await compose([Buffer.from('no picture'), null])).toEqual({ kind: 'unreadable' });
  });
});
