import { ConfigurableModuleBuilder, Module } from '@nestjs/common';
import { ClockWatch, Database } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { BannedWords } from './words/banned-words.js';
import { ApiKeyAdmin } from './keys/api-key-admin.js';
import type { TaskUsage } from './keys/api-key-statements.js';
import { ApiKeyCache } from './keys/api-key-cache.js';
import { KeyStandings } from './keys/key-standing.js';
import { KeyUsage } from './keys/key-usage.js';
import { PriceList } from './credits/price-list.js';
import { ReadMeter } from './limits/read-meter.js';
import { SubmitMinutes } from './limits/submit-minutes.js';

export interface AccessModuleOptions {
  /** Most requests other than submits of one key in a minute, on all replicas together; 0: no limit. */
  readsPerMinute: number;
  /** SQL that counts the tasks of a key; the lib that owns the table `task` gives it. */
  taskUsage: TaskUsage;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AccessModuleOptions>({
  moduleName: 'Access',
})
  .setClassMethodName('forRoot')
  .build();

/** API keys, their limits, prices and banned words. `imports`: DatabaseModule. */
@Module({
  providers: [
    { provide: ApiKeyCache, inject: [Database], useFactory: (database: Database) => new ApiKeyCache(database) },
    {
      provide: ApiKeyAdmin,
      inject: [Database, ApiKeyCache, MODULE_OPTIONS_TOKEN],
      useFactory: (database: Database, keys: ApiKeyCache, { taskUsage }: AccessModuleOptions) =>
        new ApiKeyAdmin(database, taskUsage, (plain) => keys.trust(plain)),
    },
    {
      provide: KeyStandings,
      inject: [Database, MODULE_OPTIONS_TOKEN],
      useFactory: (database: Database, { taskUsage }: AccessModuleOptions) => new KeyStandings(database, taskUsage),
    },
    {
      provide: KeyUsage,
      inject: [JobScheduler, Database],
      useFactory: (scheduler: JobScheduler, database: Database) => new KeyUsage(scheduler, database),
    },
    {
      provide: ReadMeter,
      inject: [JobScheduler, Database, MODULE_OPTIONS_TOKEN],
      useFactory: (scheduler: JobScheduler, database: Database, { readsPerMinute }: AccessModuleOptions) =>
        new ReadMeter(scheduler, database, readsPerMinute),
    },
    { provide: SubmitMinutes, useFactory: () => new SubmitMinutes() },
    { provide: PriceList, inject: [Database], useFactory: (database: Database) => new PriceList(database) },
    { provide: BannedWords, inject: [Database], useFactory: (database: Database) => new BannedWords(database) },
  ],
  exports: [BannedWords, ApiKeyAdmin, ApiKeyCache, KeyStandings, KeyUsage, PriceList, ReadMeter, SubmitMinutes],
})
export class AccessModule extends ConfigurableModuleClass {
  constructor(clocks: ClockWatch, keys: ApiKeyCache) {
    super();
    // The machine may have slept for any time, while other replicas changed keys: cached keys are read anew.
    clocks.onStep(() => keys.forget());
  }
}
