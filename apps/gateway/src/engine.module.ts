import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BannedWords, KeyDirectory, KeyUsage, ReadMeter, SubmitMinutes, KeyStore, PriceList } from '#libs/access';
import { ClockWatch, Database, SecretBox, databaseScheduler } from '#libs/database';
import { WebhookSecrets } from '#libs/hooks';
import { HookUrls } from '#libs/hooks';
import { EgressPolicy } from '#libs/net';
import { JobScheduler } from '#libs/runtime';
import { PublicTasks, TASK_USAGE, TaskRepository, TaskViews } from '#libs/tracking';
import {
  CallLog,
  CircuitBreakers,
  MidjourneyProxyAdapter,
  UpstreamAdapter,
  UpstreamDirectory,
  UpstreamHealth,
  UpstreamOffers,
  UpstreamPool,
  UpstreamProber,
  UpstreamRegistry,
  UpstreamWatch,
  WatchedAdapter,
} from '#libs/upstream';
import { PictureLinks } from '#libs/wire';
import { ENVIRONMENT } from './config/environment.module.js';
import type { Environment } from './config/environment.js';
import { ReadPermits } from './http/limits/read-permits.js';
import { pictureLinksOf } from './image/picture-signature.js';
import { prepareDatabase, SIMULATOR } from './database/prepare-database.js';

/** 60 % of the connections serve requests, 40 % the background. */
const CONNECTIONS = { http: 12, work: 8 };
const STATEMENT_TIMEOUT_MS = 5_000;
const POLL_TIMEOUT_MS = 10_000;
const POOL_REFRESH_MS = 2_000;

/** What every feature stands on: the database, secrets, keys, prices, upstreams, and the task rows. */
@Global()
@Module({
  providers: [
    {
      provide: Database,
      inject: [ENVIRONMENT],
      useFactory: ({ DATABASE_URL, HOLD_DATABASE }: Environment) =>
        new Database({
          url: DATABASE_URL ?? '',
          connections: CONNECTIONS,
          statementTimeoutMs: STATEMENT_TIMEOUT_MS,
          holdsConnections: HOLD_DATABASE,
        }),
    },
    {
      provide: JobScheduler,
      inject: [Database],
      useFactory: (database: Database) => databaseScheduler(database, database.clock),
    },
    {
      provide: ClockWatch,
      inject: [JobScheduler, Database],
      useFactory: (scheduler: JobScheduler, database: Database) => new ClockWatch(scheduler, database.clock),
    },
    {
      provide: SecretBox,
      inject: [ENVIRONMENT],
      useFactory: ({ SECRET_KEY }: Environment) => new SecretBox(SECRET_KEY ?? Buffer.alloc(0)),
    },
    {
      provide: HookUrls,
      inject: [EgressPolicy, SecretBox],
      useFactory: (policy: EgressPolicy, box: SecretBox) => new HookUrls(policy, box),
    },
    {
      provide: EgressPolicy,
      inject: [ENVIRONMENT],
      useFactory: ({ EGRESS_ALLOW }: Environment) => new EgressPolicy(EGRESS_ALLOW),
    },
    { provide: KeyStore, inject: [Database], useFactory: (database: Database) => new KeyStore(database) },
    {
      provide: KeyDirectory,
      inject: [Database, KeyStore],
      useFactory: (database: Database, keys: KeyStore) =>
        new KeyDirectory(database, TASK_USAGE, (plain) => keys.vouch(plain)),
    },
    {
      provide: KeyUsage,
      inject: [JobScheduler, Database],
      useFactory: (scheduler: JobScheduler, database: Database) => new KeyUsage(scheduler, database),
    },
    {
      provide: ReadMeter,
      inject: [JobScheduler, Database, ENVIRONMENT],
      useFactory: (scheduler: JobScheduler, database: Database, environment: Environment) =>
        new ReadMeter(scheduler, database, environment.READS_PER_MINUTE),
    },
    { provide: SubmitMinutes, useFactory: () => new SubmitMinutes() },
    { provide: PriceList, inject: [Database], useFactory: (database: Database) => new PriceList(database) },
    { provide: BannedWords, inject: [Database], useFactory: (database: Database) => new BannedWords(database) },
    {
      provide: UpstreamPool,
      inject: [Database, SecretBox, ENVIRONMENT],
      useFactory: (database: Database, secrets: SecretBox, environment: Environment) =>
        new UpstreamPool(database, secrets, {
          submitTimeoutMs: environment.SUBMIT_TIMEOUT_MS,
          pollTimeoutMs: POLL_TIMEOUT_MS,
          refreshMs: POOL_REFRESH_MS,
        }),
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
      inject: [UpstreamWatch, Database, ENVIRONMENT],
      useFactory: (watch: UpstreamWatch, database: Database, { UPSTREAM_USER_AGENT: userAgent }: Environment) =>
        new WatchedAdapter(new MidjourneyProxyAdapter({ userAgent }), watch, () => database.now()),
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
      inject: [Database, SecretBox, UpstreamAdapter, ENVIRONMENT],
      useFactory: (database: Database, secrets: SecretBox, adapter: UpstreamAdapter, environment: Environment) =>
        new UpstreamDirectory(database, secrets, adapter, {
          submitTimeoutMs: environment.SUBMIT_TIMEOUT_MS,
          pollTimeoutMs: POLL_TIMEOUT_MS,
          standIn: SIMULATOR,
        }),
    },
    { provide: ReadPermits, useFactory: () => new ReadPermits() },
    {
      provide: PictureLinks,
      inject: [SecretBox, ENVIRONMENT],
      useFactory: pictureLinksOf,
    },
    TaskViews,
    TaskRepository,
    PublicTasks,
  ],
  exports: [
    ClockWatch,
    Database,
    JobScheduler,
    SecretBox,
    EgressPolicy,
    HookUrls,
    KeyDirectory,
    KeyStore,
    KeyUsage,
    PriceList,
    BannedWords,
    ReadMeter,
    ReadPermits,
    SubmitMinutes,
    UpstreamAdapter,
    UpstreamDirectory,
    UpstreamOffers,
    UpstreamPool,
    UpstreamWatch,
    TaskRepository,
    TaskViews,
    PublicTasks,
  ],
})
export class EngineModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly keys: KeyStore,
    private readonly registry: UpstreamRegistry,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    private readonly watch: UpstreamWatch,
    private readonly prober: UpstreamProber,
    private readonly clocks: ClockWatch,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async onModuleInit(): Promise<void> {
    this.clocks.onStep(() => this.keys.forget());
    await this.database.start();
    const webhooks = new WebhookSecrets(this.database, this.secrets);
    await prepareDatabase(this.environment, { keys: this.keys, registry: this.registry, webhooks });
    await this.pool.start();
    this.watch.start();
    this.prober.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.prober.stop();
    this.pool.stop();
    await this.adapter.close();
    await this.watch.stop();
    await this.database.close();
  }
}
