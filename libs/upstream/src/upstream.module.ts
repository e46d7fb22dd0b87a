import {
  ConfigurableModuleBuilder,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Database, SecretBox } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { CallLog } from './calls/call-log.js';
import { CircuitBreakers } from './circuit/circuit-breakers.js';
import { MidjourneyProxyAdapter } from './midjourney-proxy/midjourney-proxy.adapter.js';
import { UpstreamAdapter } from './port/upstream-adapter.js';
import { UpstreamDirectory } from './store/upstream-admin.js';
import { UpstreamHealth } from './calls/health-log.js';
import { UpstreamOffers } from './store/upstream-capabilities.js';
import { UpstreamPool } from './store/upstream-cache.js';
import { UpstreamProber } from './circuit/upstream-prober.js';
import { UpstreamRegistry } from './store/env-upstreams.js';
import { UpstreamWatch } from './calls/call-observer.js';
import { WatchedAdapter } from './calls/instrumented-adapter.js';

/** Times in ms. */
export interface UpstreamModuleOptions {
  submitTimeoutMs: number;
  pollTimeoutMs: number;
  /** How often the list of upstreams is read. */
  refreshMs: number;
  /** Sent to upstreams that have none of their own. */
  userAgent: string;
  /** Calls at a time to all of them together. */
  mostCalls?: number;
  /** Whether connections are kept for the next call; true unless given. */
  keepsConnections?: boolean;
  /** Name of the upstream that gets no work while there is another; null: there is none. */
  standIn: string | null;
  /** Makes upstreams exist that are set elsewhere; awaited before the list is read for the first time. */
  prepare: (registry: UpstreamRegistry) => Promise<void>;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<UpstreamModuleOptions>({
  moduleName: 'Upstream',
})
  .setClassMethodName('forRoot')
  .build();

/** Upstreams: the adapter to call them by, the list of them, their circuits, what they offer. `imports`: DatabaseModule. */
@Module({
  providers: [
    {
      provide: UpstreamPool,
      inject: [Database, SecretBox, MODULE_OPTIONS_TOKEN],
      useFactory: (database: Database, secrets: SecretBox, options: UpstreamModuleOptions) =>
        new UpstreamPool(database, secrets, options),
    },
    {
      provide: CircuitBreakers,
      inject: [Database, UpstreamPool],
      useFactory: (database: Database, pool: UpstreamPool) => new CircuitBreakers(database, pool),
    },
    {
      provide: UpstreamWatch,
      inject: [Database, UpstreamPool, CircuitBreakers],
      useFactory: (database: Database, pool: UpstreamPool, circuits: CircuitBreakers) =>
        new UpstreamWatch(pool, circuits, new CallLog(database), new UpstreamHealth(database)),
    },
    {
      provide: UpstreamAdapter,
      inject: [UpstreamWatch, Database, MODULE_OPTIONS_TOKEN],
      useFactory: (watch: UpstreamWatch, database: Database, options: UpstreamModuleOptions) =>
        new WatchedAdapter(new MidjourneyProxyAdapter(options), watch, () => database.now()),
    },
    {
      provide: UpstreamOffers,
      inject: [Database, UpstreamPool],
      useFactory: (database: Database, pool: UpstreamPool) => new UpstreamOffers(database, pool),
    },
    {
      provide: UpstreamProber,
      inject: [UpstreamPool, CircuitBreakers, UpstreamOffers, UpstreamAdapter, Database],
      useFactory: (...parts: ConstructorParameters<typeof UpstreamProber>) => new UpstreamProber(...parts),
    },
    {
      provide: UpstreamRegistry,
      inject: [Database, SecretBox],
      useFactory: (database: Database, secrets: SecretBox) => new UpstreamRegistry(database, secrets),
    },
    {
      provide: UpstreamDirectory,
      inject: [Database, SecretBox, UpstreamAdapter, MODULE_OPTIONS_TOKEN],
      useFactory: (...parts: ConstructorParameters<typeof UpstreamDirectory>) => new UpstreamDirectory(...parts),
    },
  ],
  exports: [UpstreamAdapter, UpstreamDirectory, UpstreamOffers, UpstreamPool, UpstreamWatch],
})
export class UpstreamModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly registry: UpstreamRegistry,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    private readonly watch: UpstreamWatch,
    private readonly prober: UpstreamProber,
    private readonly scheduler: JobScheduler,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: UpstreamModuleOptions,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.options.prepare(this.registry);
    await this.pool.start(this.scheduler);
    this.watch.start(this.scheduler);
    this.prober.start(this.scheduler);
  }

  async onApplicationShutdown(): Promise<void> {
    this.prober.stop();
    await this.adapter.close();
    await this.watch.stop();
  }
}
