import { ConfigurableModuleBuilder, Module, type Provider } from '@nestjs/common';
import { Database, SecretBox } from '#libs/database';
import { rewriteHost, type EgressPolicy, type HostRewrites, type OutboundProxy } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { AssetKeeper } from './keep/asset-keeper.js';
import type { AssetOptions } from './asset-options.js';
import { AssetPoller } from './keep/asset-poller.js';
import { AssetTable } from './keep/asset-table.js';
import { ConverterPool, type ConverterOptions } from './conversion/converter-pool.js';
import { ImageStore } from './store/image-store.js';
import { InputPictures } from './inputs/input-pictures.js';
import { InputReader } from './inputs/input-reader.js';
import { InputRemover } from './inputs/input-remover.js';
import { InputTable } from './inputs/input-table.js';
import { MaskConverter } from './inputs/mask-converter.js';
import { GridComposer } from './fetch/grid-composer.js';
import { LinkRefresher, type OriginWay } from './fetch/link-refresher.js';
import { LinkedInputs } from './fetch/linked-inputs.js';
import { OriginClient } from './fetch/origin-client.js';
import { PictureProxy } from './fetch/picture-proxy.js';
import { PictureOrigin } from './fetch/picture-origin.js';
import { PictureConverter } from './serve/picture-converter.js';
import { PictureCutter } from './serve/picture-cutter.js';
import { PictureRemover } from './keep/picture-remover.js';
import { PictureReader } from './serve/picture-reader.js';
import { PreviewCache } from './serve/preview-cache.js';
import { StoreIdentity } from './store/store-identity.js';
import { StoreHealth } from './store/store-health.js';

/** Settings of this lib. */
export interface AssetsSettings {
  assets: AssetOptions;
  store: ImageStore;
  egress: EgressPolicy;
  /** Asks upstreams for fresh links. */
  links: LinkRefresher;
  converter: ConverterOptions;
  /** User-Agent of requests to origins. */
  userAgent: string;
  /** URL under which upstreams reach this gateway, without a trailing slash; null, or left out: no picture has a link. */
  publicUrl?: string | null;
  /** Whether connections to origins are kept; true unless given. */
  keepsConnections?: boolean;
  /** The proxy to all origins but the upstreams' own; null, or left out: none. */
  proxy?: OutboundProxy | null;
  /** Hosts of links, and where they are fetched instead; left out: none. */
  hostRewrites?: HostRewrites;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: SETTINGS } = new ConfigurableModuleBuilder<AssetsSettings>({
  moduleName: 'Assets',
})
  .setClassMethodName('forRoot')
  .build();

/** Connections to one origin; further downloads wait. */
const CONNECTIONS_PER_ORIGIN = 16;
const CONNECT_MS = 10_000;
/** Links of pictures are signed, and may have a prompt in them, in any script. */
const MAX_LINK_CHARS = 4_096;

function originClient(
  { egress, userAgent, keepsConnections, proxy, hostRewrites = new Map() }: AssetsSettings,
  wayTo: (upstreamId: string) => OriginWay | null,
): OriginClient {
  return new OriginClient(
    {
      policy: egress,
      userAgent,
      keepsConnections,
      maxConnectionsPerOrigin: CONNECTIONS_PER_ORIGIN,
      connectMs: CONNECT_MS,
      maxUrlLength: MAX_LINK_CHARS,
      proxy: () => proxy ?? null,
      rewrite: (url) => rewriteHost(url, hostRewrites),
    },
    wayTo,
  );
}

const PROVIDERS: Provider[] = [
  { provide: LinkRefresher, inject: [SETTINGS], useFactory: ({ links }: AssetsSettings) => links },
  { provide: ImageStore, inject: [SETTINGS], useFactory: ({ store }: AssetsSettings) => store },
  { provide: AssetTable, inject: [Database], useFactory: (database: Database) => new AssetTable(database) },
  { provide: StoreHealth, inject: [ImageStore], useFactory: (store: ImageStore) => new StoreHealth(store) },
  {
    provide: StoreIdentity,
    inject: [Database, ImageStore, StoreHealth],
    useFactory: (...parts: ConstructorParameters<typeof StoreIdentity>) => new StoreIdentity(...parts),
  },
  {
    provide: OriginClient,
    inject: [SETTINGS, LinkRefresher],
    useFactory: (settings: AssetsSettings, links: LinkRefresher) =>
      originClient(settings, (upstreamId) => links.wayTo(upstreamId)),
  },
  {
    provide: LinkedInputs,
    inject: [SETTINGS],
    // A client of its own: links of clients may be slow, and must take no connections from results.
    useFactory: (settings: AssetsSettings) => new LinkedInputs(originClient(settings, () => null)),
  },
  {
    provide: GridComposer,
    inject: [AssetTable, ImageStore, ConverterPool],
    useFactory: (table: AssetTable, store: ImageStore, converters: ConverterPool) =>
      new GridComposer(table, store, converters),
  },
  {
    provide: PictureOrigin,
    inject: [OriginClient, LinkRefresher, GridComposer],
    useFactory: (client: OriginClient, links: LinkRefresher, grids: GridComposer) =>
      new PictureOrigin(client, links, grids),
  },
  {
    provide: AssetKeeper,
    inject: [AssetTable, ImageStore, StoreIdentity, StoreHealth, PictureOrigin, SETTINGS],
    useFactory: (
      table: AssetTable,
      store: ImageStore,
      identity: StoreIdentity,
      health: StoreHealth,
      origin: PictureOrigin,
      { assets }: AssetsSettings,
    ) => new AssetKeeper(table, store, identity, health, origin, assets, Math.random),
  },
  {
    provide: PictureRemover,
    inject: [Database, ImageStore, StoreIdentity, SETTINGS],
    useFactory: (database: Database, store: ImageStore, identity: StoreIdentity, { assets }: AssetsSettings) =>
      new PictureRemover(database, store, identity, assets),
  },
  { provide: InputTable, inject: [Database], useFactory: (database: Database) => new InputTable(database) },
  {
    provide: InputReader,
    inject: [InputTable, ImageStore],
    useFactory: (table: InputTable, store: ImageStore) => new InputReader(table, store),
  },
  {
    provide: InputRemover,
    inject: [JobScheduler, InputTable, SETTINGS],
    useFactory: (scheduler: JobScheduler, table: InputTable, { assets }: AssetsSettings) =>
      new InputRemover(scheduler, table, assets),
  },
  {
    provide: InputPictures,
    inject: [InputTable, ConverterPool, ImageStore, StoreIdentity, StoreHealth, SecretBox, SETTINGS],
    useFactory: (
      table: InputTable,
      converters: ConverterPool,
      store: ImageStore,
      identity: StoreIdentity,
      health: StoreHealth,
      secrets: SecretBox,
      { publicUrl = null }: AssetsSettings,
    ) => new InputPictures(table, new MaskConverter(converters), store, identity, health, secrets, publicUrl),
  },
  {
    provide: AssetPoller,
    inject: [JobScheduler, AssetKeeper, StoreIdentity, ImageStore, PictureRemover, StoreHealth, SETTINGS],
    useFactory: (
      scheduler: JobScheduler,
      keeper: AssetKeeper,
      identity: StoreIdentity,
      store: ImageStore,
      remover: PictureRemover,
      health: StoreHealth,
      { assets }: AssetsSettings,
    ) => new AssetPoller(scheduler, keeper, identity, store, remover, health, assets),
  },
  {
    provide: PictureReader,
    inject: [AssetTable, AssetKeeper, ImageStore, SETTINGS],
    useFactory: (table: AssetTable, keeper: AssetKeeper, store: ImageStore, { assets }: AssetsSettings) =>
      new PictureReader(table, keeper, store, assets),
  },
  {
    provide: PictureProxy,
    inject: [PictureOrigin, LinkRefresher, SETTINGS],
    useFactory: (origin: PictureOrigin, links: LinkRefresher, { assets }: AssetsSettings) =>
      new PictureProxy(origin, links, assets),
  },
  {
    provide: PreviewCache,
    inject: [PictureOrigin, SETTINGS],
    useFactory: (origin: PictureOrigin, { assets }: AssetsSettings) => new PreviewCache(origin, assets.waitMs),
  },
  {
    provide: ConverterPool,
    inject: [SETTINGS],
    useFactory: ({ converter }: AssetsSettings) => new ConverterPool(converter),
  },
  {
    provide: PictureConverter,
    inject: [ConverterPool],
    useFactory: (converters: ConverterPool) => new PictureConverter(converters),
  },
  {
    provide: PictureCutter,
    inject: [ImageStore, StoreHealth, ConverterPool],
    useFactory: (store: ImageStore, health: StoreHealth, converters: ConverterPool) =>
      new PictureCutter(store, health, converters),
  },
];

/** Keeps pictures and opens them for readers. `imports`: DatabaseModule. */
@Module({
  providers: PROVIDERS,
  exports: [
    AssetKeeper,
    ConverterPool,
    InputPictures,
    InputReader,
    PictureProxy,
    LinkedInputs,
    PictureConverter,
    PictureCutter,
    PictureRemover,
    PictureReader,
    PreviewCache,
    StoreIdentity,
    StoreHealth,
  ],
})
export class AssetsModule extends ConfigurableModuleClass {}
