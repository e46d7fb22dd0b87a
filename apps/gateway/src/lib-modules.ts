import type { DynamicModule } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { AssetsModule, ASSET_DEFAULTS, CONVERTER_DEFAULTS } from '#libs/assets';
import { DatabaseModule, SecretBox } from '#libs/database';
import { HooksModule } from '#libs/hooks';
import { EgressPolicy, NetModule } from '#libs/net';
import { TASK_USAGE, TaskRepository, TaskStoreModule, TrackingModule } from '#libs/tracking';
import { UpstreamAdapter, UpstreamModule, UpstreamCache } from '#libs/upstream';
import type { Environment } from './config/environment.js';
import { prepareUpstreams, SIMULATOR } from './database/prepare-database.js';
import { pictureLinksOf } from './image/picture-signature.js';
import { pictureStoreOf } from './image/picture-store.js';
import { UpstreamLinkRefresher } from './image/upstream-link-refresher.js';
import { USER_AGENT } from './version.js';

/** Connections to Postgres: 60 % for requests, 40 % for jobs. */
const CONNECTIONS = { http: 12, work: 8 };
const STATEMENT_TIMEOUT_MS = 5_000;
const POLL_TIMEOUT_MS = 10_000;
const POOL_REFRESH_MS = 2_000;

/** The module of each lib. Nest knows them by identity: whoever imports one imports this very object. */
export interface LibModules {
  database: DynamicModule;
  net: DynamicModule;
  access: DynamicModule;
  upstream: DynamicModule;
  hooks: DynamicModule;
  assets: DynamicModule;
  tracking: DynamicModule;
}

/** The modules of the libs as the environment sets them, each with the others that it stands on. */
export function libModules(environment: Environment): LibModules {
  const keepsConnections = environment.KEEP_CONNECTIONS;
  const runsWork = environment.ROLE !== 'api';
  const database = DatabaseModule.forRoot({
    url: environment.DATABASE_URL ?? '',
    connections: CONNECTIONS,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    holdsConnections: environment.HOLD_DATABASE,
    secretKey: environment.SECRET_KEY ?? Buffer.alloc(0),
  });
  const net = NetModule.forRoot({ allow: environment.EGRESS_ALLOW });
  const access = AccessModule.forRootAsync({
    imports: [database],
    useFactory: () => ({ readsPerMinute: environment.READS_PER_MINUTE, taskUsage: TASK_USAGE }),
  });
  const upstream = UpstreamModule.forRootAsync({
    imports: [database],
    useFactory: () => ({
      submitTimeoutMs: environment.SUBMIT_TIMEOUT_MS,
      pollTimeoutMs: POLL_TIMEOUT_MS,
      refreshMs: POOL_REFRESH_MS,
      publicUrl: environment.PUBLIC_URL,
      userAgent: environment.UPSTREAM_USER_AGENT,
      mostCalls: environment.UPSTREAM_CALLS,
      keepsConnections,
      standIn: SIMULATOR,
      prepare: (registry) => prepareUpstreams(environment, registry),
    }),
  });
  const hooks = HooksModule.forRootAsync({
    imports: [database, net],
    inject: [EgressPolicy],
    useFactory: (policy: EgressPolicy) => ({
      enabled: runsWork,
      policy,
      userAgent: USER_AGENT,
      keepsConnections,
      limits: {
        retrySchedule: environment.HOOK_RETRY_SCHEDULE,
        maxInFlight: environment.HOOK_CONCURRENCY,
        maxPerHost: environment.HOOK_CONCURRENCY_PER_HOST,
      },
    }),
  });
  const store = TaskStoreModule.forRootAsync({
    imports: [database],
    inject: [SecretBox],
    useFactory: (secrets: SecretBox) => ({ links: pictureLinksOf(secrets, environment) }),
  });
  const assets = AssetsModule.forRootAsync({
    imports: [database, net, upstream, store],
    inject: [EgressPolicy, TaskRepository, UpstreamCache, UpstreamAdapter],
    useFactory: (egress: EgressPolicy, tasks: TaskRepository, upstreams: UpstreamCache, adapter: UpstreamAdapter) => ({
      assets: { ...ASSET_DEFAULTS, enabled: runsWork, keepDays: environment.KEEP_PICTURES_DAYS },
      store: pictureStoreOf(environment),
      egress,
      links: new UpstreamLinkRefresher(tasks, upstreams, adapter),
      converter: {
        ...CONVERTER_DEFAULTS,
        memoryBytes: environment.CONVERSION_MEMORY_MB * 1024 * 1024,
        timeoutMs: environment.CONVERSION_TIMEOUT_MS,
      },
      userAgent: environment.UPSTREAM_USER_AGENT,
      keepsConnections,
      publicUrl: environment.PUBLIC_URL,
      proxy: environment.PICTURE_PROXY_URL,
      hostRewrites: environment.PICTURE_HOST_REWRITE,
    }),
  });
  const tracking = TrackingModule.forRootAsync({
    imports: [database, access, store, upstream, hooks, assets],
    useFactory: () => ({
      runsWork,
      pollMinMs: environment.POLL_MIN_MS,
      taskTimeoutMs: environment.TASK_TIMEOUT_MS,
      missingAfterMs: environment.MISSING_AFTER_MS,
      submitTimeoutMs: environment.SUBMIT_TIMEOUT_MS,
      submitSettleMs: environment.SUBMIT_SETTLE_MS,
      maxResends: environment.SUBMIT_RESENDS,
      queueLimit: environment.QUEUE_LIMIT,
      queueTimeoutMs: environment.QUEUE_TIMEOUT_MS,
      publicUrl: environment.PUBLIC_URL,
    }),
  });
  return { database, net, access, upstream, hooks, assets, tracking };
}
