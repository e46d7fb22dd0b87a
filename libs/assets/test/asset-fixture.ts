import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Database, type Statement } from '#libs/database';
import { EgressPolicy } from '#libs/net';
import { createTestDatabase } from '../../../test/support/test-database.js';
import { ConverterPool, CONVERTER_DEFAULTS } from '../src/conversion/converter-pool.js';
import { GridComposer } from '../src/fetch/grid-composer.js';
import { AssetKeeper } from '../src/keep/asset-keeper.js';
import { ASSET_DEFAULTS, type AssetOptions } from '../src/asset-options.js';
import { AssetTable } from '../src/keep/asset-table.js';
import type { Asset, AssetKey } from '../src/keep/asset.entity.js';
import { DiskImageStore } from '../src/store/disk-image-store.js';
import { LinkRefresher, type OriginWay } from '../src/fetch/link-refresher.js';
import { OriginClient } from '../src/fetch/origin-client.js';
import { PictureOrigin } from '../src/fetch/picture-origin.js';
import { StoreIdentity } from '../src/store/store-identity.js';
import { StoreHealth } from '../src/store/store-health.js';
import { enqueuePictures } from '../src/keep/enqueue-pictures.js';
import { OriginServer } from './origin-server.js';

/** Gives the links that a test puts in, and counts how often it was asked. */
export class StubbedLinks extends LinkRefresher {
  asked = 0;
  next: string | null = null;
  readonly inline = new Map<string, string>();

  wayTo(): OriginWay | null {
    return null;
  }

  freshLink(): Promise<string | null> {
    this.asked += 1;
    return Promise.resolve(this.next);
  }

  inlinePicture(_taskId: string, name: string): Promise<string | null> {
    return Promise.resolve(this.inline.get(name) ?? null);
  }
}

/** A replica: keeper, table and store; several of one fixture share database and folder. */
export interface Replica {
  keeper: AssetKeeper;
  table: AssetTable;
  store: DiskImageStore;
  identity: StoreIdentity;
  health: StoreHealth;
  origin: PictureOrigin;
}

/** A migrated database, a folder, an origin, and an upstream to which that origin belongs. */
export class AssetFixture {
  readonly links = new StubbedLinks();
  readonly converters = new ConverterPool(CONVERTER_DEFAULTS);
  upstreamId = '';
  private nextTask = 6_240_000_000_000_000;
  private readonly clients: OriginClient[] = [];

  private constructor(
    readonly database: Database,
    readonly origin: OriginServer,
    readonly folder: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async create(): Promise<AssetFixture> {
    const made = await createTestDatabase();
    const database = new Database({ url: made.url, connections: { http: 4, work: 4 }, statementTimeoutMs: 10_000 });
    const folder = await mkdtemp(join(tmpdir(), 'journeyman-pictures-'));
    const fixture = new AssetFixture(database, await OriginServer.start(), folder, () => made.drop());
    await fixture.sql(
      "insert into api_key (name, prefix, key_hash) values ('test', 'test', decode(repeat('00', 32), 'hex'))",
    );
    const rows = await fixture.sql<{ id: string }>(
      "insert into upstream (name, base_url) values ('test', 'http://upstream.example') returning id",
    );
    fixture.upstreamId = rows[0].id;
    return fixture;
  }

  async destroy(): Promise<void> {
    this.converters.onApplicationShutdown();
    await Promise.all(this.clients.map((client) => client.close()));
    await this.origin.stop();
    await this.database.close();
    await this.dropDatabase();
    await rm(this.folder, { recursive: true, force: true });
  }

  sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    // No name: statements of tests differ, and prepared ones are known by their name.
    const statement = { name: undefined, pool: 'work', text } as unknown as Statement;
    return this.database.run<Row>(statement, values);
  }

  /** @param exempt the origin that counts as the upstream's own; the fixture's unless given */
  async replica(options: Partial<AssetOptions> = {}, exempt: string | null = this.origin.url): Promise<Replica> {
    const store = new DiskImageStore(this.folder);
    const table = new AssetTable(this.database);
    const health = new StoreHealth(store);
    const identity = new StoreIdentity(this.database, store, health);
    await identity.check();
    const client = new OriginClient(
      { policy: new EgressPolicy(), userAgent: 'journeyman-test', maxConnectionsPerOrigin: 16, connectMs: 2_000 },
      (upstreamId) =>
        upstreamId === this.upstreamId && exempt !== null ? { origin: exempt, proxy: null, userAgent: null } : null,
    );
    this.clients.push(client);
    const origin = new PictureOrigin(client, this.links, new GridComposer(table, store, this.converters));
    const all = { ...ASSET_DEFAULTS, enabled: true, ...options };
    const keeper = new AssetKeeper(table, store, identity, health, origin, all, () => 0.5);
    return { keeper, table, store, identity, health, origin };
  }

  /** A finished task with one wanted asset. */
  async want(sourceUrl: string, kind: 'image' | 'video' = 'image', n = 0): Promise<AssetKey> {
    this.nextTask += 1;
    const taskId = String(this.nextTask);
    await this.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, upstream_id, finished_at)
        select $1, id, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUCCESS', 100, 'http://localhost', $2, now() from api_key`,
      [taskId, this.upstreamId],
    );
    await this.sql(
      `with wanted_now as (select $1::bigint as task_id, $2::text as kind, $3::smallint as n, $4::bigint as upstream_id, $5::text as source_url),
        made as (${enqueuePictures('wanted_now')}) select`,
      [taskId, kind, n, this.upstreamId, sourceUrl],
    );
    return { taskId, kind, n };
  }

  async row(replica: Replica, key: AssetKey): Promise<Asset> {
    const found = await replica.table.find(key);
    if (found === null) throw new Error('no such asset');
    return found;
  }

  /** Every file of the store but its identity, scratch files included. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && entry.name !== 'store.id').map(({ name }) => name);
  }
}

/** Waits until something is true; for what happens in the background. */
export async function eventually(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Red, green, blue, white: upper left, upper right, lower left, lower right. */
export const QUARTER_COLOURS = ['#ff0000', '#00ff00', '#0000ff', '#ffffff'] as const;

/** A grid of four colours. */
export async function drawGrid(side = 600): Promise<Buffer> {
  const half = side / 2;
  const parts = QUARTER_COLOURS.map((background, at) => ({
    input: { create: { width: half, height: half, channels: 3 as const, background } },
    left: (at % 2) * half,
    top: Math.floor(at / 2) * half,
  }));
  const canvas = sharp({ create: { width: side, height: side, channels: 3, background: '#000000' } });
  return canvas.composite(parts).png().toBuffer();
}
