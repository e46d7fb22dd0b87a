import { Module, type DynamicModule } from '@nestjs/common';
import { ReportKeeper, ReportOptions } from './report-keeper.js';

/** Schema `report`: its role at start, its stored view each hour. Its views are made by the migration. */
@Module({})
export class ReportsModule {
  static forRoot(options: ReportOptions): DynamicModule {
    return {
      module: ReportsModule,
      providers: [{ provide: ReportOptions, useValue: options }, ReportKeeper],
      exports: [ReportKeeper],
    };
  }
}
