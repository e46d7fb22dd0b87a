import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { gridName } from '#libs/wire';
import { AssetFixture, eventually, QUARTER_COLOURS, type Replica } from '../../test/asset-fixture.js';
import { PictureProxy } from '../fetch/picture-proxy.js';
import { PictureReader } from '../serve/picture-reader.js';
import type { AssetKey } from './asset.entity.js';

let fixture: AssetFixture;
let replica: Replica;
let pictures: PictureReader;
let tiles: Buffer[];
let nextPath = 0;

beforeAll(async () => {
  fixture = await AssetFixture.create();
  tiles = await Promise.all(
    QUARTER_COLOURS.map((background) =>
      sharp({ create: { width: 60, height: 60, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  replica = await fixture.replica({ downloadMs: 5_000 });
  pictures = new PictureReader(replica.table, replica.keeper, replica.store, { waitMs: 15_000 });
});
afterAll(async () => {
  await replica.keeper.drain();
  await fixture.destroy();
});

/** A finished task of which the upstream gave these pictures and no grid; null: withheld. */
async function partial(links: readonly (string | null)[]): Promise<AssetKey> {
  const key = await fixture.want(gridName(links.map((link) => link !== null)));
  for (const [at, link] of links.entries()) {
    if (link === null) continue;
    await fixture.sql('insert into asset (task_id, kind, n, upstream_id, source_url) values ($1, $2, $3, $4, $5)', [
      key.taskId,
      'image',
      at + 1,
      fixture.upstreamId,
      link,
    ]);
  }
  return key;
}

function serve(at: number): string {
  nextPath += 1;
  return fixture.origin.serve(`/tile-${nextPath}`, tiles[at] ?? Buffer.alloc(0));
}

async function colours(grid: Buffer): Promise<string[]> {
  const { data, info } = await sharp(grid)
    .resize(2, 2, { kernel: 'nearest' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return Array.from(
    { length: 4 },
    (_, at) => `#${data.subarray(at * info.channels, at * info.channels + 3).toString('hex')}`,
  );
}

async function kept(key: AssetKey): Promise<Buffer> {
  const opened = await pictures.open(key);
  if (opened.kind !== 'kept') throw new Error(opened.kind);
  return buffer(await pictures.read(opened.file.file));
}

it('is composed of the kept pictures, each fetched once, and kept itself', async () => {
  const links = [serve(0), serve(1), serve(2), serve(3)];
  const key = await partial(links);
  await replica.keeper.tick();
  await eventually(async () => (await fixture.row(replica, key)).state === 'kept');
  expect(await fixture.row(replica, key)).toMatchObject({ contentType: 'image/png', width: 120, height: 120 });
  expect(await colours(await kept(key))).toEqual([...QUARTER_COLOURS]);
  for (const link of links) expect(fixture.origin.hits.get(new URL(link).pathname)).toBe(1);
});

it('is composed when it is asked for before anything is kept, once for everybody', async () => {
  const links = [serve(0), null, serve(2), serve(3)];
  const key = await partial(links);
  const all = await Promise.all(Array.from({ length: 20 }, () => kept(key)));
  expect(new Set(all.map((bytes) => bytes.toString('base64'))).size).toBe(1);
  expect(await colours(all[0] ?? Buffer.alloc(0))).toEqual([
    QUARTER_COLOURS[0],
    '#1f1f1f',
    QUARTER_COLOURS[2],
    QUARTER_COLOURS[3],
  ]);
  for (const link of links) if (link !== null) expect(fixture.origin.hits.get(new URL(link).pathname)).toBe(1);
});

it('waits for a picture that cannot be fetched now, and is composed once it can', async () => {
  let isAlive = false;
  const flaky = fixture.origin.on('/flaky', (_, response) => {
    if (isAlive) response.writeHead(200, { 'content-type': 'image/png' }).end(tiles[1]);
    else response.writeHead(500).end();
  });
  const key = await partial([serve(0), flaky]);
  expect(await pictures.open(key)).toEqual({ kind: 'unavailable' });
  expect(await fixture.row(replica, key)).toMatchObject({ state: 'wanted', lastError: 'singles' });
  isAlive = true;
  await eventually(async () => {
    await replica.keeper.tick();
    return (await fixture.row(replica, key)).state === 'kept';
  });
});

it('is not given up before its pictures are, and leaves the place of a lost one dark', async () => {
  const dead = fixture.origin.on('/dead', (_, response) => response.writeHead(500).end());
  const key = await partial([serve(0), dead, serve(2), serve(3)]);
  await fixture.sql(
    "update asset set created_at = created_at - interval '2 days', attempts = 9 where task_id = $1 and n = 0",
    [key.taskId],
  );
  await pictures.open(key);
  expect((await fixture.row(replica, key)).state).toBe('wanted');
  await fixture.sql("update asset set state = 'lost', next_at = null where task_id = $1 and n = 2", [key.taskId]);
  await replica.keeper.keepNow(key);
  const grid = await fixture.row(replica, key);
  expect(grid.state).toBe('kept');
  expect(await colours(await buffer(await replica.store.open(grid.file ?? '')))).toEqual([
    QUARTER_COLOURS[0],
    '#1f1f1f',
    QUARTER_COLOURS[2],
    QUARTER_COLOURS[3],
  ]);
});

it('is composed on its way while pictures cannot be kept', async () => {
  const key = await partial([serve(0), serve(1), serve(2), serve(3)]);
  const proxy = new PictureProxy(replica.origin, fixture.links, { maxImageBytes: 1_000_000, maxVideoBytes: 1_000_000 });
  const picture = await proxy.open(await fixture.row(replica, key));
  if (picture.kind !== 'proxied') throw new Error(picture.kind);
  expect(picture.type).toBe('image/png');
  expect(await colours(await buffer(picture.body))).toEqual([...QUARTER_COLOURS]);
  expect((await fixture.row(replica, { ...key, n: 1 })).state).toBe('wanted');
});

it('is given up when none of its pictures is left', async () => {
  const key = await partial([serve(0), serve(1)]);
  await fixture.sql("update asset set state = 'lost', next_at = null where task_id = $1 and n > 0", [key.taskId]);
  await fixture.sql("update asset set created_at = created_at - interval '2 days', attempts = 9 where task_id = $1", [
    key.taskId,
  ]);
  expect(await pictures.open(key)).toEqual({ kind: 'unavailable' });
  expect(await fixture.row(replica, key)).toMatchObject({ state: 'lost', lastError: 'empty' });
});
