import { Global, Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { KeyStore, PriceList } from '#libs/access';
import { Database, SecretBox } from '#libs/database';
import { WebhookSecrets } from '#libs/hooks';
import { EgressPolicy } from '#libs/net';
import { TaskRepository } from '#libs/tracking';
import { MidjourneyProxyAdapter, UpstreamAdapter, UpstreamPool, UpstreamRegistry } from '#libs/upstream';
import { ENVIRONMENT } from './config/environment.module.js';
import type { Environment } from './config/environment.js';
import { prepareDatabase } from './prepare-database.js';

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
      useFactory: ({ DATABASE_URL }: Environment) =>
        new Database({ url: DATABASE_URL ?? '', connections: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS }),
    },
    {
      provide: SecretBox,
      inject: [ENVIRONMENT],
      useFactory: ({ SECRET_KEY }: Environment) => new SecretBox(SECRET_KEY ?? Buffer.alloc(0)),
    },
    {
      provide: EgressPolicy,
      inject: [ENVIRONMENT],
      useFactory: ({ EGRESS_ALLOW }: Environment) => new EgressPolicy(EGRESS_ALLOW),
    },
    { provide: KeyStore, inject: [Database], useFactory: (database: Database) => new KeyStore(database) },
    { provide: PriceList, inject: [Database], useFactory: (database: Database) => new PriceList(database) },
    { provide: UpstreamAdapter, useClass: MidjourneyProxyAdapter },
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
      provide: UpstreamRegistry,
      inject: [Database, SecretBox],
      useFactory: (database: Database, secrets: SecretBox) => new UpstreamRegistry(database, secrets),
    },
    TaskRepository,
  ],
  exports: [Database, SecretBox, EgressPolicy, KeyStore, PriceList, UpstreamAdapter, UpstreamPool, TaskRepository],
})
export class EngineModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly secrets: SecretBox,
    private readonly keys: KeyStore,
    private readonly registry: UpstreamRegistry,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.start();
    const webhooks = new WebhookSecrets(this.database, this.secrets);
    await prepareDatabase(this.environment, { keys: this.keys, registry: this.registry, webhooks });
    await this.pool.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.pool.stop();
    await this.adapter.close();
    await this.database.close();
  }
}
