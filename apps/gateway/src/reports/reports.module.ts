import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Database, SecretBox } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import type { DataSource } from 'typeorm';
import { Hourly } from './hourly.js';
import { ReportKeeper, ReportOptions } from './report-keeper.js';
import { SqlLogin } from './sql/sql-login.js';
import { Workbench, WorkbenchOptions } from './sql/workbench.js';

/** How often the hour is checked, ms. */
const LOOK_MS = 30_000;
/** How often sessions of logins for reports are checked, ms. */
const SESSIONS_MS = 10_000;
/** Minute of each hour at which views are refreshed: the first refresh after midnight includes the whole day before. */
const MINUTE = 7;

/** Settings of reports, and of the questions that are asked of them. */
export interface ReportsModuleOptions {
  reports: ReportOptions;
  workbench: WorkbenchOptions;
  /** URL of the login for free SQL; null: the gateway makes one. */
  sqlUrl: string | null;
}

/**
 * Schema `report`: its role at start, its stored view each hour, and the workbench that asks it. Its views are made by the
 * migrations.
 */
@Module({})
export class ReportsModule {
  constructor(scheduler: JobScheduler, database: Database, keeper: ReportKeeper) {
    const hourly = new Hourly(MINUTE, () => database.now());
    const work = (): Promise<void> | undefined => (hourly.isTime() ? keeper.tick() : undefined);
    scheduler.add({ name: ReportKeeper.name, everyMs: LOOK_MS, work });
    scheduler.add({ name: ReportKeeper.name, everyMs: SESSIONS_MS, work: () => keeper.endLong() });
  }

  /** `imports`: DatabaseModule. */
  static forRoot(
    { reports, workbench, sqlUrl }: ReportsModuleOptions,
    imports: ModuleMetadata['imports'],
  ): DynamicModule {
    return {
      module: ReportsModule,
      imports,
      providers: [
        { provide: ReportOptions, useValue: reports },
        { provide: WorkbenchOptions, useValue: workbench },
        {
          provide: SqlLogin,
          inject: [getDataSourceToken(), SecretBox],
          useFactory: (source: DataSource, secrets: SecretBox) =>
            new SqlLogin(source, secrets, workbench.databaseUrl, sqlUrl),
        },
        ReportKeeper,
        Workbench,
      ],
      exports: [ReportKeeper, Workbench],
    };
  }
}
