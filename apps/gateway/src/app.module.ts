import { Module, type DynamicModule } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AssetsModule, ASSET_DEFAULTS, CONVERTER_DEFAULTS } from '#libs/assets';
import { EgressPolicy } from '#libs/net';
import { HooksModule } from '#libs/hooks';
import { TrackingModule } from '#libs/tracking';
import { AdminModule } from './admin/admin.module.js';
import { EnvironmentModule } from './config/environment.module.js';
import type { Environment } from './config/environment.js';
import { dataSourceOptions } from './database/data-source.js';
import { EngineModule } from './engine.module.js';
import { HealthModule } from './health/health.module.js';
import { ImageModule } from './image/image.module.js';
import { pictureStoreOf } from './image/picture-store.js';
import { UpstreamLinkRefresher } from './image/upstream-link-refresher.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NotifyModule } from './notify/notify.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { PromptModule } from './prompt/prompt.module.js';
import { SubmitModule } from './submit/submit.module.js';
import { TaskModule } from './task/task.module.js';
import type { Traffic } from './traffic/traffic.js';
import { TrafficModule } from './traffic/traffic.module.js';
import { USER_AGENT } from './version.js';

/** Connections of TypeORM itself: administration only, the hot path has its own pools. */
const ORM_CONNECTIONS = 4;

/** The composition root: which parts there are, and what each is told. */
@Module({})
export class AppModule {
  static forRoot(environment: Environment, traffic: Traffic): DynamicModule {
    const runsWork = environment.ROLE !== 'api';
    const hooks = HooksModule.forRootAsync({
      inject: [EgressPolicy],
      useFactory: (policy: EgressPolicy) => ({
        enabled: runsWork,
        policy,
        userAgent: USER_AGENT,
        limits: {
          retrySchedule: environment.HOOK_RETRY_SCHEDULE,
          maxInFlight: environment.HOOK_CONCURRENCY,
          maxPerHost: environment.HOOK_CONCURRENCY_PER_HOST,
        },
      }),
    });
    const assets = AssetsModule.register({
      inject: [EgressPolicy],
      linkRefresher: UpstreamLinkRefresher,
      useFactory: (egress: EgressPolicy) => ({
        assets: { ...ASSET_DEFAULTS, enabled: runsWork, keepDays: environment.KEEP_PICTURES_DAYS },
        store: pictureStoreOf(environment),
        egress,
        converter: {
          ...CONVERTER_DEFAULTS,
          memoryBytes: environment.CONVERSION_MEMORY_MB * 1024 * 1024,
          timeoutMs: environment.CONVERSION_TIMEOUT_MS,
        },
        userAgent: environment.UPSTREAM_USER_AGENT,
        proxy: environment.PICTURE_PROXY_URL,
        hostRewrites: environment.PICTURE_HOST_REWRITE,
      }),
    });
    const tracking = TrackingModule.forRoot(
      {
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
      },
      [hooks, assets],
    );
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.forRoot(environment),
        TrafficModule.forRoot(traffic),
        ScheduleModule.forRoot(),
        TypeOrmModule.forRoot(dataSourceOptions(environment.DATABASE_URL ?? '', ORM_CONNECTIONS)),
        EngineModule,
        ReportsModule.forRoot({ runsWork, timeoutMs: environment.REPORT_TIMEOUT_MS }),
        hooks,
        assets,
        tracking,
        { module: SubmitModule, imports: [tracking, assets] },
        PromptModule,
        { module: TaskModule, imports: [tracking] },
        { module: NotifyModule, imports: [tracking] },
        { module: AdminModule, imports: [tracking, hooks] },
        { module: ImageModule, imports: [assets] },
        { module: MetricsModule, imports: [hooks, assets, tracking] },
        { module: HealthModule, imports: [assets] },
      ],
    };
  }
}
