import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { AssetFixture, drawGrid, eventually, type Replica } from '../../test/asset-fixture.js';
import type { Answer } from '../../test/origin-server.js';
import type { AssetKey } from './asset.entity.js';
import { enqueuePictures } from './enqueue-pictures.js';

/** Longer than any test waits. */
const NEVER: Answer = (_, response) => void response.writeHead(200, { 'content-type': 'image/png' }).flushHeaders();

let fixture: AssetFixture;
let replica: Replica;
let png: Buffer;

beforeAll(async () => {
  fixture = await AssetFixture.create();
  png = await drawGrid();
});
afterAll(() => fixture.destroy());
beforeEach(async () => {
  replica = await fixture.replica({ maxImageBytes: 512 * 1_024, downloadMs: 1_500 });
});
afterEach(async () => {
  await replica.keeper.drain();
  await fixture.sql('delete from asset');
});

async function settled(key: AssetKey): Promise<void> {
  await eventually(async () => (await fixture.row(replica, key)).claimId === null);
}

async function keep(url: string, kind: 'image' | 'video' = 'image'): Promise<AssetKey> {
  const key = await fixture.want(url, kind);
  await replica.keeper.tick();
  await settled(key);
  return key;
}

describe('AssetKeeper', () => {
  it('keeps a picture under the day and the id of its task', async () => {
    const key = await keep(fixture.origin.serve('/a.png', png));
    const row = await fixture.row(replica, key);
    const day = row.createdAt.toISOString().slice(0, 10).replaceAll('-', '/');
    expect(row).toMatchObject({
      state: 'kept',
      file: `${day}/${key.taskId}-0.png`,
      contentType: 'image/png',
      bytes: png.length,
      width: 600,
      height: 600,
      nextAt: null,
      lastError: null,
      attempts: 1,
    });
    expect(row.sha256).toEqual(createHash('sha256').update(png).digest());
    expect(await replica.store.size(row.file ?? '')).toBe(png.length);
    await replica.keeper.tick();
    expect(fixture.origin.hits.get('/a.png')).toBe(1);
  });

  it('wants nothing twice', async () => {
    const { taskId } = await fixture.want('https://pictures.example/1.png');
    const again = "select task_id, kind, n, upstream_id, 'https://pictures.example/2.png' as source_url from asset";
    await fixture.sql(`with twice as (${again}), wanted as (${enqueuePictures('twice')}) select`);
    expect(await fixture.sql('select task_id, source_url from asset')).toEqual([
      { task_id: taskId, source_url: 'https://pictures.example/1.png' },
    ]);
    expect(() => enqueuePictures('x; drop table asset')).toThrow('plain name');
  });

  it('keeps a video apart from the picture of the same number', async () => {
    const mp4 = Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free', 'latin1');
    const key = await keep(fixture.origin.serve('/v', mp4, { 'content-type': 'video/mp4' }), 'video');
    expect(await fixture.row(replica, key)).toMatchObject({ contentType: 'video/mp4', width: null });
    expect((await fixture.row(replica, key)).file).toMatch(/-v0\.mp4$/);
  });

  it('goes by the bytes where the origin makes no statement', async () => {
    const key = await keep(fixture.origin.serve('/raw', png, { 'content-type': 'application/octet-stream' }));
    expect(await fixture.row(replica, key)).toMatchObject({ state: 'kept', contentType: 'image/png' });
  });

  const html = Buffer.from('<html><script>alert(1)</script></html>');
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  it.each<[string, string, () => Answer]>([
    ['html', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end(html)],
    ['html that says png', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'image/png' }).end(html)],
    ['svg', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg)],
    ['svg that says png', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'image/png' }).end(svg)],
    ['a png that says html', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'text/html' }).end(png)],
    ['a list of types', 'type', () => (_, r) => r.writeHead(200, { 'content-type': 'image/png, text/html' }).end(png)],
    ['a video where a picture should be', 'type', () => (_, r) => r.writeHead(200).end('\0\0\0\x10ftypmp42\0\0\0\0')],
    ['a png header and text', 'type', () => (_, r) => r.writeHead(200).end(Buffer.concat([png.subarray(0, 33), html]))],
    [
      'a png header and noise',
      'torn',
      () => (_, r) => r.writeHead(200).end(Buffer.concat([png.subarray(0, 33), Buffer.alloc(9_000, 1)])),
    ],
    [
      'a broken png with its end',
      'torn',
      () => (_, r) =>
        r.writeHead(200).end(Buffer.concat([png.subarray(0, 29), Buffer.alloc(900, 1), png.subarray(-12)])),
    ],
    ['nothing', 'empty', () => (_, r) => r.writeHead(200, { 'content-type': 'image/png' }).end()],
    [
      'gzip',
      'encoding',
      () => (_, r) => r.writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' }).end(gzipSync(png)),
    ],
    [
      'a length over the cap',
      'too_large',
      () => (_, r) =>
        r.writeHead(200, { 'content-type': 'image/png', 'content-length': 600_000 }).end(Buffer.alloc(600_000)),
    ],
    ['more than its length says', 'torn', () => (_, r) => r.writeHead(200, { 'content-length': 200 }).end(png)],
    [
      'less than its length says',
      'reset',
      () => (_, r) => void r.writeHead(200, { 'content-length': png.length + 9 }).write(png, () => r.destroy()),
    ],
    [
      'half a chunked answer',
      'reset',
      () => (_, r) => void r.writeHead(200).write(png.subarray(0, 300), () => r.destroy()),
    ],
    ['a server error', 'status_503', () => (_, r) => r.writeHead(503).end()],
    ['a loop', 'redirect', () => (q, r) => r.writeHead(302, { location: q.url ?? '' }).end()],
    [
      'a way into the network',
      'blocked',
      () => (_, r) => r.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    ],
    ['silence', 'timeout', () => NEVER],
  ])('does not keep %s (%s)', async (name, reason, answer) => {
    const before = await fixture.files();
    const key = await keep(fixture.origin.on(`/hostile-${encodeURIComponent(name)}`, answer()));
    const row = await fixture.row(replica, key);
    expect(row).toMatchObject({ state: 'wanted', lastError: reason, file: null, attempts: 1 });
    expect(row.nextAt?.getTime()).toBeGreaterThan(row.createdAt.getTime());
    expect(await fixture.files()).toEqual(before);
  });

  it('cuts an endless answer off', async () => {
    const url = fixture.origin.on('/endless', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(png);
      const more = setInterval(() => response.write(Buffer.alloc(64 * 1_024, 1)), 1);
      response.on('close', () => clearInterval(more));
    });
    const key = await keep(url);
    expect(await fixture.row(replica, key)).toMatchObject({ lastError: 'too_large' });
    await eventually(() => fixture.origin.brokenOff.includes('/endless'));
  });

  it('refuses a picture that is too large to decode', async () => {
    const huge = Buffer.from(png);
    huge.writeUInt32BE(20_000, 16);
    const key = await keep(fixture.origin.serve('/huge', huge));
    expect((await fixture.row(replica, key)).lastError).toMatch(/^(dimensions|unreadable)$/);
  });

  it('reaches a private address only where it is the origin of that very upstream', async () => {
    const stranger = await fixture.replica({}, 'http://127.0.0.1:1');
    const key = await fixture.want(fixture.origin.serve('/private', png));
    await stranger.keeper.tick();
    await settled(key);
    expect(await fixture.row(replica, key)).toMatchObject({ state: 'wanted', lastError: 'blocked' });
    expect(fixture.origin.hits.get('/private')).toBeUndefined();
    await stranger.keeper.drain();
  });

  it.each([403, 404, 410])('asks for a fresh link after %d, once', async (status) => {
    fixture.links.asked = 0;
    fixture.links.next = fixture.origin.serve(`/fresh-${status}`, png);
    const dead = fixture.origin.on(`/dead-${status}`, (_, response) => response.writeHead(status).end());
    const key = await keep(dead);
    expect(await fixture.row(replica, key)).toMatchObject({ state: 'kept', sourceUrl: fixture.links.next });
    expect(fixture.links.asked).toBe(1);
    expect(fixture.origin.hits.get(`/dead-${status}`)).toBe(1);
  });

  it('does not fetch again when the fresh link is the dead one', async () => {
    fixture.links.next = fixture.origin.on('/same', (_, response) => response.writeHead(404).end());
    const key = await keep(fixture.links.next);
    expect(await fixture.row(replica, key)).toMatchObject({ state: 'wanted', lastError: 'status_404' });
    expect(fixture.origin.hits.get('/same')).toBe(1);
  });

  it('gives up after a day', async () => {
    fixture.links.next = null;
    const key = await fixture.want(fixture.origin.url + '/gone');
    await fixture.sql("update asset set created_at = now() - interval '25 hours', attempts = 30");
    await replica.keeper.tick();
    await settled(key);
    expect(await fixture.row(replica, key)).toMatchObject({ state: 'lost', nextAt: null, lastError: 'status_404' });
  });

  it('fetches each picture once, however many replicas look', async () => {
    const other = await fixture.replica();
    const urls = Array.from({ length: 30 }, (_, at) => fixture.origin.serve(`/many-${at}`, png));
    for (const url of urls) await fixture.want(url);
    await eventually(async () => {
      await Promise.all([replica.keeper.tick(), other.keeper.tick()]);
      const [{ kept }] = await fixture.sql<{ kept: number }>(
        "select count(*)::int as kept from asset where state = 'kept'",
      );
      return kept === urls.length;
    });
    expect(urls.map((_, at) => fixture.origin.hits.get(`/many-${at}`))).toEqual(urls.map(() => 1));
    await other.keeper.drain();
  });

  it('does not settle a claim that somebody else has taken over', async () => {
    const key = await fixture.want(fixture.origin.serve('/claimed', png));
    const [claimed] = await replica.table.claimDue(1, '00000000-0000-4000-8000-000000000001', 60_000);
    await fixture.sql("update asset set claim_id = '00000000-0000-4000-8000-000000000002'");
    const kept = {
      file: 'x.png',
      contentType: 'image/png',
      bytes: 1,
      width: 1,
      height: 1,
      sha256: Buffer.alloc(32),
    } as const;
    expect(await replica.table.settleKept(claimed, kept)).toBe(false);
    await replica.table.settleLost(claimed, 'x');
    await replica.table.release(claimed);
    expect(await fixture.row(replica, key)).toMatchObject({
      state: 'wanted',
      claimId: '00000000-0000-4000-8000-000000000002',
    });
  });

  it('gives its leases back at shutdown', async () => {
    const key = await fixture.want(fixture.origin.on('/slow', NEVER));
    const closing = await fixture.replica({ downloadMs: 60_000 });
    await closing.keeper.tick();
    await eventually(() => fixture.origin.hits.get('/slow') === 1);
    await closing.keeper.drain();
    const row = await fixture.row(replica, key);
    expect(row).toMatchObject({ state: 'wanted', claimId: null, attempts: 0, lastError: null });
    expect(await replica.table.claimDue(1, '00000000-0000-4000-8000-000000000003', 60_000)).toHaveLength(1);
    await eventually(() => fixture.origin.brokenOff.includes('/slow'));
    expect(await closing.keeper.keepNow(key)).toEqual({ kind: 'stopped' });
  });
});
