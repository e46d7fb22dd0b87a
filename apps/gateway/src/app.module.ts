import { Inject, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyCache } from '#libs/access';
import { WebhookSecrets } from '#libs/hooks';
import { AccountModule } from './account/account.module.js';
import { AdminModule } from './admin/admin.module.js';
import { ENVIRONMENT, EnvironmentModule } from './config/environment.module.js';
import type { Environment } from './config/environment.js';
import { dataSourceOptions } from './database/data-source.js';
import { prepareKey } from './database/prepare-database.js';
import { HealthModule } from './health/health.module.js';
import { ImageModule } from './image/image.module.js';
import { InputModule } from './input/input.module.js';
import { libModules } from './lib-modules.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { NotifyModule } from './notify/notify.module.js';
import { PromptModule } from './prompt/prompt.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { StudioSessionModule } from './studio/session/studio-session.module.js';
import { SubmitModule } from './submit/submit.module.js';
import { TaskModule } from './task/task.module.js';
import type { Traffic } from './traffic/traffic.js';
import { TrafficModule } from './traffic/traffic.module.js';

/** Connections of TypeORM itself: administration only, the hot path has its own pools. */
const ORM_CONNECTIONS = 4;

/** The composition root: which features there are, and the libs that each stands on. */
@Module({})
export class AppModule implements OnModuleInit {
  static forRoot(environment: Environment, traffic: Traffic): DynamicModule {
    const { database, net, access, upstream, hooks, assets, tracking } = libModules(environment);
    const runsWork = environment.ROLE !== 'api';
    const reports = ReportsModule.forRoot(
      {
        reports: { runsWork, timeoutMs: environment.REPORT_TIMEOUT_MS },
        workbench: { databaseUrl: environment.DATABASE_URL ?? '', hasFreeSql: environment.STUDIO_SQL === 'on' },
        sqlUrl: environment.STUDIO_SQL_URL,
      },
      [database],
    );
    return {
      module: AppModule,
      imports: [
        EnvironmentModule.forRoot(environment),
        TrafficModule.forRoot(traffic),
        ScheduleModule.forRoot(),
        TypeOrmModule.forRoot(dataSourceOptions(environment.DATABASE_URL ?? '', ORM_CONNECTIONS)),
        access,
        hooks,
        { module: SubmitModule, imports: [database, net, access, upstream, hooks, assets, tracking] },
        { module: AccountModule, imports: [access] },
        PromptModule,
        { module: TaskModule, imports: [database, tracking] },
        { module: NotifyModule, imports: [tracking] },
        { module: AdminModule, imports: [database, net, access, upstream, hooks, tracking, reports] },
        { module: ImageModule, imports: [database, assets, tracking] },
        { module: InputModule, imports: [database, assets] },
        { module: MetricsModule, imports: [database, upstream, hooks, assets, tracking, reports] },
        { module: HealthModule, imports: [database, assets] },
        reports,
        ...(environment.STUDIO === 'on' ? [{ module: StudioSessionModule, imports: [database, access] }] : []),
      ],
    };
  }

  constructor(
    private readonly keys: ApiKeyCache,
    private readonly webhooks: WebhookSecrets,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async onModuleInit(): Promise<void> {
    await prepareKey(this.environment, this.keys, this.webhooks);
  }
}
