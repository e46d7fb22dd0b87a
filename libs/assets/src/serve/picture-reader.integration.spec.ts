import { buffer } from 'node:stream/consumers';
import sharp, { type Sharp } from 'sharp';
import { AssetFixture, drawGrid, eventually, QUARTER_COLOURS, type Replica } from '../../test/asset-fixture.js';
import type { KeptFile } from '../keep/asset-table.js';
import { variantName } from '../store/file-name.js';
import { CONVERTER_DEFAULTS, ConverterPool } from '../conversion/converter-pool.js';
import { PictureCutter } from './picture-cutter.js';
import { quarter } from './grid-layout.js';
import { recipeFor, type VariantRequest } from './picture-variant.js';
import { PictureReader } from './picture-reader.js';
import { PreviewCache } from './preview-cache.js';

let fixture: AssetFixture;
let replica: Replica;
let pictures: PictureReader;
let png: Buffer;
let converters: ConverterPool;

beforeAll(async () => {
  fixture = await AssetFixture.create();
  png = await drawGrid();
  converters = new ConverterPool(CONVERTER_DEFAULTS);
  replica = await fixture.replica({ downloadMs: 5_000 });
  pictures = new PictureReader(replica.table, replica.keeper, replica.store, { waitMs: 10_000 });
});
afterAll(async () => {
  converters.onApplicationShutdown();
  await replica.keeper.drain();
  await fixture.destroy();
});

async function keptGrid(path: string, source = png): Promise<KeptFile> {
  const opened = await pictures.open(await fixture.want(fixture.origin.serve(path, source)));
  if (opened.kind !== 'kept') throw new Error(opened.kind);
  return opened.file;
}

describe('Pictures', () => {
  it('fetches a cold picture once for everybody and keeps it', async () => {
    const key = await fixture.want(fixture.origin.serve('/cold', png));
    const opened = await Promise.all(Array.from({ length: 200 }, () => pictures.open(key)));
    expect(new Set(opened.map(({ kind }) => kind))).toEqual(new Set(['kept']));
    expect(fixture.origin.hits.get('/cold')).toBe(1);
    const [first] = opened;
    if (first.kind !== 'kept') throw new Error(first.kind);
    expect(await buffer(await pictures.read(first.file.file))).toEqual(png);
    expect(await buffer(await pictures.read(first.file.file, { start: 8, end: 15 }))).toEqual(png.subarray(8, 16));
  });

  it('waits for what another replica fetches', async () => {
    let finish = (): void => undefined;
    const url = fixture.origin.on('/elsewhere', (_, response) => {
      finish = () => void response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    });
    const key = await fixture.want(url);
    const other = await fixture.replica();
    await other.keeper.tick();
    await eventually(() => fixture.origin.hits.get('/elsewhere') === 1);
    const asked = jest.spyOn(replica.table, 'find');
    const opening = Array.from({ length: 50 }, () => pictures.open(key));
    await eventually(() => asked.mock.calls.length >= 2);
    finish();
    expect((await Promise.all(opening)).map(({ kind }) => kind)).toEqual(Array(50).fill('kept'));
    // One search for all fifty: each of them asking for itself would be 100 questions by now.
    expect(asked.mock.calls.length).toBeLessThan(50);
    asked.mockRestore();
    expect(fixture.origin.hits.get('/elsewhere')).toBe(1);
    await other.keeper.drain();
  });

  it('says unavailable after a failure, and asks the origin no more for a while', async () => {
    const key = await fixture.want(fixture.origin.on('/bad', (_, response) => response.writeHead(500).end()));
    const opened = [await pictures.open(key), await pictures.open(key)];
    expect(opened).toEqual([{ kind: 'unavailable' }, { kind: 'unavailable' }]);
    expect(fixture.origin.hits.get('/bad')).toBe(1);
  });

  it('says timeout when the origin takes too long, and keeps the picture all the same', async () => {
    let finish = (): void => undefined;
    const url = fixture.origin.on('/late', (_, response) => {
      finish = () => void response.writeHead(200, { 'content-type': 'image/png' }).end(png);
    });
    const key = await fixture.want(url);
    const impatient = new PictureReader(replica.table, replica.keeper, replica.store, { waitMs: 300 });
    expect(await impatient.open(key)).toEqual({ kind: 'timeout' });
    finish();
    await eventually(async () => (await fixture.row(replica, key)).state === 'kept');
    expect(fixture.origin.hits.get('/late')).toBe(1);
  });

  it('knows nothing of other pictures', async () => {
    expect(await pictures.open({ taskId: '1', kind: 'image', n: 0 })).toEqual({ kind: 'none' });
  });
});

describe('PictureCutter', () => {
  const asIs: VariantRequest = { cell: null, width: null, format: null };

  async function cut(source: KeptFile, request: VariantRequest): Promise<Buffer> {
    const recipe = recipeFor(source, request);
    if (recipe === null) throw new Error('nothing to cut');
    const made = await new PictureCutter(replica.store, replica.health, converters).variant(source, recipe, 'a');
    if (made.kind !== 'ready') throw new Error(made.kind);
    expect(made.contentType).toBe(recipe.type);
    const bytes = await buffer(await replica.store.open(made.file));
    expect(made.bytes).toBe(bytes.length);
    return bytes;
  }

  async function colourOf(picture: Sharp): Promise<string> {
    const { dominant } = await picture.stats();
    return `#${[dominant.r, dominant.g, dominant.b].map((value) => (value > 127 ? 'ff' : '00')).join('')}`;
  }

  it.each(['png', 'jpeg', 'webp'] as const)('cuts a %s grid into its four pictures', async (format) => {
    const grid = await sharp(png).toFormat(format).toBuffer();
    const source = await keptGrid(`/grid-${format}`, grid);
    for (const [at, colour] of QUARTER_COLOURS.entries()) {
      const part = sharp(await cut(source, { ...asIs, cell: quarter((at + 1) as 1 | 2 | 3 | 4) }));
      expect(await part.metadata()).toMatchObject({ format, width: 300, height: 300 });
      expect(await colourOf(part)).toBe(colour);
    }
  });

  it('scales and converts', async () => {
    const source = await keptGrid('/scaled');
    expect(await sharp(await cut(source, { ...asIs, width: 128 })).metadata()).toMatchObject({
      format: 'png',
      width: 128,
      height: 128,
    });
    expect(await sharp(await cut(source, { cell: quarter(1), width: 256, format: 'jpeg' })).metadata()).toMatchObject({
      format: 'jpeg',
      width: 256,
    });
    expect(await sharp(await cut(source, { ...asIs, format: 'webp' })).metadata()).toMatchObject({
      format: 'webp',
      width: 600,
    });
  });

  it('makes each variant once, for callers at once and later', async () => {
    const source = await keptGrid('/once');
    const recipe = recipeFor(source, { ...asIs, width: 256 });
    if (recipe === null) throw new Error('nothing to cut');
    const cutter = new PictureCutter(replica.store, replica.health, converters);
    const put = jest.spyOn(replica.store, 'put');
    const made = await Promise.all(Array.from({ length: 50 }, () => cutter.variant(source, recipe, 'a')));
    expect(new Set(made.map(({ kind }) => kind))).toEqual(new Set(['ready']));
    expect(await new PictureCutter(replica.store, replica.health, converters).variant(source, recipe, 'a')).toEqual(
      made[0],
    );
    expect(put).toHaveBeenCalledTimes(1);
    put.mockRestore();
  });

  it('says so of what cannot be decoded, and does not try again for a while', async () => {
    // Whole by its structure, with pixels that say nothing.
    const broken = Buffer.from(png).fill(0x55, 80, png.length - 16);
    const source = await keptGrid('/broken', broken);
    const recipe = recipeFor(source, { ...asIs, cell: quarter(4) });
    if (recipe === null) throw new Error('nothing to cut');
    const tries = jest.spyOn(converters, 'convert');
    let now = 0;
    const cutter = new PictureCutter(replica.store, replica.health, converters, () => now);
    expect(await cutter.variant(source, recipe, 'a')).toEqual({ kind: 'unreadable' });
    expect(await cutter.variant(source, recipe, 'a')).toEqual({ kind: 'unreadable' });
    expect(tries).toHaveBeenCalledTimes(1);
    now = 600_001;
    expect(await cutter.variant(source, recipe, 'a')).toEqual({ kind: 'unreadable' });
    expect(tries).toHaveBeenCalledTimes(2);
    tries.mockRestore();
    expect(await replica.store.size(variantName(source.file, 'crop4', 'image/png'))).toBeNull();
  });

  it.each([3, 6, 8])('turns a picture of orientation %d before it cuts and scales', async (orientation) => {
    // As it lies, such that it is the grid as soon as it is turned.
    const back = { 3: 180, 6: 270, 8: 90 }[orientation];
    const oblong = await sharp(png).resize(600, 400, { fit: 'fill' }).toBuffer();
    const lying = await sharp(oblong).rotate(back).withMetadata({ orientation }).jpeg().toBuffer();
    const source = await keptGrid(`/turned-${orientation}`, lying);
    expect(source).toMatchObject({ width: 600, height: 400 });
    for (const [at, colour] of QUARTER_COLOURS.entries()) {
      const part = sharp(await cut(source, { ...asIs, cell: quarter((at + 1) as 1 | 2 | 3 | 4), format: 'png' }));
      expect(await part.metadata()).toMatchObject({ width: 300, height: 200 });
      expect(await colourOf(part)).toBe(colour);
    }
    const small = sharp(await cut(source, { ...asIs, width: 256 }));
    expect(await small.metadata()).toMatchObject({ width: 256, height: 171 });
    expect((await small.metadata()).orientation ?? 1).toBe(1);
  });

  it('keeps an animation moving as WebP', async () => {
    const frames = await Promise.all(
      QUARTER_COLOURS.map((background) =>
        sharp({ create: { width: 300, height: 200, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animated = await sharp(frames, { join: { animated: true } })
      .webp({ lossless: true })
      .toBuffer();
    const source = await keptGrid('/moving', animated);
    expect(source).toMatchObject({ width: 300, height: 200 });
    expect(await sharp(await cut(source, { ...asIs, width: 128 })).metadata()).toMatchObject({ pages: 4, width: 128 });
    expect(await sharp(await cut(source, { ...asIs, format: 'png' })).metadata()).toMatchObject({
      format: 'png',
      height: 200,
    });
  });
});

describe('PreviewCache', () => {
  it('fetches a preview once for all, and again for another link', async () => {
    const previews = new PreviewCache(replica.origin, 5_000);
    const source = { taskId: '1', upstreamId: fixture.upstreamId, url: fixture.origin.serve('/preview', png) };
    const got = await Promise.all(Array.from({ length: 50 }, () => previews.get(source)));
    expect(got[0]).toEqual({ kind: 'preview', bytes: png, type: 'image/png' });
    expect(fixture.origin.hits.get('/preview')).toBe(1);
    await previews.get({ ...source, url: fixture.origin.serve('/preview-2', png) });
    expect(fixture.origin.hits.get('/preview-2')).toBe(1);
  });

  it('passes nothing on but pictures of a bearable size', async () => {
    const previews = new PreviewCache(replica.origin, 1_000);
    const get = (url: string, upstreamId: string | null = fixture.upstreamId): Promise<{ kind: string }> =>
      previews.get({ taskId: '2', upstreamId, url });
    const html = fixture.origin.serve('/p-html', Buffer.from('<html>'), { 'content-type': 'image/png' });
    const large = fixture.origin.serve('/p-large', Buffer.concat([png, Buffer.alloc(9 * 1_024 * 1_024)]));
    const silent = fixture.origin.on('/p-silent', () => undefined);
    expect(await get(html)).toEqual({ kind: 'unavailable' });
    expect(await get(large)).toEqual({ kind: 'unavailable' });
    expect(await get(silent)).toEqual({ kind: 'timeout' });
    expect(await get(fixture.origin.serve('/p-null', png), null)).toEqual({ kind: 'unavailable' });
  });
});
