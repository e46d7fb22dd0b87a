import { ConfigurableModuleBuilder, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { ClockWatch } from './clock-watch.js';
import { databaseScheduler } from './database-scheduler.js';
import type { DatabaseOptions } from './connection-pools.js';
import { CLOCK_REFRESH_MS, Database } from './database.js';
import { SecretBox } from './secret-box.js';

export interface DatabaseModuleOptions extends DatabaseOptions {
  /** 32 bytes; encrypts columns, and signs links. */
  secretKey: Buffer;
}

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<DatabaseModuleOptions>({
  moduleName: 'Database',
})
  .setClassMethodName('forRoot')
  .build();

/** Postgres and what goes with it: the scheduler that asks it which jobs are due, the watch on its clock, encryption. */
@Module({
  providers: [
    {
      provide: Database,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: DatabaseModuleOptions) => new Database(options),
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
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: ({ secretKey }: DatabaseModuleOptions) => new SecretBox(secretKey),
    },
  ],
  exports: [ClockWatch, Database, JobScheduler, SecretBox],
})
export class DatabaseModule extends ConfigurableModuleClass implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: Database,
    private readonly scheduler: JobScheduler,
  ) {
    super();
  }

  /** Modules that import this one start after it, and end before it. */
  async onModuleInit(): Promise<void> {
    await this.database.start();
    const work = (): Promise<void> => this.database.refreshClock();
    this.scheduler.add({ name: Database.name, everyMs: CLOCK_REFRESH_MS, work });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
