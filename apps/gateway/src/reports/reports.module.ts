import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { Hourly } from './hourly.js';
import { ReportKeeper, ReportOptions } from './report-keeper.js';

/** How often the hour is checked, ms. */
const LOOK_MS = 30_000;
/** How often sessions of logins for reports are checked, ms. */
const SESSIONS_MS = 10_000;
/** Minute of each hour at which views are refreshed: the first refresh after midnight includes the whole day before. */
const MINUTE = 7;

/** Schema `report`: its role at start, its stored view each hour. Its views are made by the migration. */
@Module({})
export class ReportsModule {
  constructor(scheduler: JobScheduler, database: Database, keeper: ReportKeeper) {
    const hourly = new Hourly(MINUTE, () => database.now());
    const work = (): Promise<void> | undefined => (hourly.isTime() ? keeper.tick() : undefined);
    scheduler.add({ name: ReportKeeper.name, everyMs: LOOK_MS, work });
    scheduler.add({ name: ReportKeeper.name, everyMs: SESSIONS_MS, work: () => keeper.endLong() });
  }

  /** `imports`: DatabaseModule. */
  static forRoot(options: ReportOptions, imports: ModuleMetadata['imports']): DynamicModule {
    return {
      module: ReportsModule,
      imports,
      providers: [{ provide: ReportOptions, useValue: options }, ReportKeeper],
      exports: [ReportKeeper],
    };
  }
}
