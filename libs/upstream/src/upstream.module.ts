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
import { AdapterByKind } from './calls/adapter-by-kind.js';
import { UpstreamHttp } from './http/upstream-http.js';
import { UpstreamAdapter } from './port/upstream-adapter.js';
import { UpstreamAdmin } from './store/upstream-admin.js';
import { HealthLog } from './calls/health-log.js';
import { UpstreamCapabilities } from './store/upstream-capabilities.js';
import { UpstreamCache } from './store/upstream-cache.js';
import { UpstreamProber } from './circuit/upstream-prober.js';
import { EnvUpstreams } from './store/env-upstreams.js';
import { CallObserver } from './calls/call-observer.js';
import { InstrumentedAdapter } from './calls/instrumented-adapter.js';

/** Times in ms. */
export interface UpstreamModuleOptions {
  submitTimeoutMs: number;
  pollTimeoutMs: number;
  /** How often the cache of upstreams is refreshed. */
  refreshMs: number;
  /** Where upstreams reach the gateway; null: nowhere. */
  publicUrl: string | null;
  /** User agent of calls to upstreams that have none of their own. */
  userAgent: string;
  /** Most calls at a time, to all upstreams together. */
  mostCalls?: number;
  /** Whether connections are kept for the next call; true unless given. */
  keepsConnections?: boolean;
  /** Name of the stand-in: an upstream that gets no work while another one is enabled; null: there is none. */
  standIn: string | null;
  /** Stores the upstreams that come from the environment; awaited before the cache is filled. */
  prepare: (envUpstreams: EnvUpstreams) => Promise<void>;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<UpstreamModuleOptions>({
  moduleName: 'Upstream',
})
  .setClassMethodName('forRoot')
  .build();

/**
 * Upstreams: the adapter that calls them, their cache and administration, circuits and capabilities. `imports`:
 * DatabaseModule.
 */
@Module({
  providers: [
    {
      provide: UpstreamCache,
      inject: [Database, SecretBox, MODULE_OPTIONS_TOKEN],
      useFactory: (database: Database, secrets: SecretBox, options: UpstreamModuleOptions) =>
        new UpstreamCache(database, secrets, options),
    },
    {
      provide: CircuitBreakers,
      inject: [Database, UpstreamCache],
      useFactory: (database: Database, upstreams: UpstreamCache) => new CircuitBreakers(database, upstreams),
    },
    {
      provide: CallObserver,
      inject: [Database, UpstreamCache, CircuitBreakers],
      useFactory: (database: Database, upstreams: UpstreamCache, circuits: CircuitBreakers) =>
        new CallObserver(upstreams, circuits, new CallLog(database), new HealthLog(database)),
    },
    {
      provide: UpstreamAdapter,
      inject: [CallObserver, Database, MODULE_OPTIONS_TOKEN],
      useFactory: (observer: CallObserver, database: Database, options: UpstreamModuleOptions) =>
        new InstrumentedAdapter(new AdapterByKind(new UpstreamHttp(options)), observer, () => database.now()),
    },
    {
      provide: UpstreamCapabilities,
      inject: [Database, UpstreamCache],
      useFactory: (database: Database, upstreams: UpstreamCache) => new UpstreamCapabilities(database, upstreams),
    },
    {
      provide: UpstreamProber,
      inject: [UpstreamCache, CircuitBreakers, UpstreamCapabilities, UpstreamAdapter, Database],
      useFactory: (...parts: ConstructorParameters<typeof UpstreamProber>) => new UpstreamProber(...parts),
    },
    {
      provide: EnvUpstreams,
      inject: [Database, SecretBox],
      useFactory: (database: Database, secrets: SecretBox) => new EnvUpstreams(database, secrets),
    },
    {
      provide: UpstreamAdmin,
      inject: [Database, SecretBox, UpstreamAdapter, MODULE_OPTIONS_TOKEN],
      useFactory: (...parts: ConstructorParameters<typeof UpstreamAdmin>) => new UpstreamAdmin(...parts),
    },
  ],
  exports: [UpstreamAdapter, UpstreamAdmin, UpstreamCapabilities, UpstreamCache, CallObserver],
})
export class UpstreamModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly envUpstreams: EnvUpstreams,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly observer: CallObserver,
    private readonly prober: UpstreamProber,
    private readonly scheduler: JobScheduler,
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: UpstreamModuleOptions,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.options.prepare(this.envUpstreams);
    await this.upstreams.start(this.scheduler);
    this.observer.start(this.scheduler);
    this.prober.start(this.scheduler);
  }

  async onApplicationShutdown(): Promise<void> {
    this.prober.stop();
    await this.adapter.close();
    await this.observer.stop();
  }
}
