import { Module } from '@nestjs/common';
import { ApiKeyCache } from '#libs/access';
import { ClockWatch, Database, SecretBox } from '#libs/database';
import { JobScheduler } from '#libs/runtime';
import { AdminAudit } from '../../admin/admin-audit.js';
import { ListCursors } from '../../admin/list-cursor.js';
import { ENVIRONMENT } from '../../config/environment.module.js';
import type { Environment } from '../../config/environment.js';
import { SessionCheck } from '../../http/key-check/session-check.js';
import { AdminCredential } from './admin-credential.js';
import { AdminSessionController, StudioTicketController } from './admin-session.controller.js';
import { AdminSessionService } from './admin-session.service.js';
import { SessionController } from './session.controller.js';
import { SessionOpener } from './session-opener.js';
import { SessionService, SQL_IS_ON } from './session.service.js';
import { SessionStore } from './session-store.js';
import { SessionUsage } from './session-usage.js';

/** Signing in to Studio, which exists unless STUDIO=off. `imports`: DatabaseModule, AccessModule. */
@Module({
  controllers: [SessionController, AdminSessionController, StudioTicketController],
  providers: [
    AdminAudit,
    AdminSessionService,
    ListCursors,
    SessionOpener,
    SessionService,
    {
      provide: AdminCredential,
      inject: [SecretBox, ENVIRONMENT],
      useFactory: (secrets: SecretBox, { ADMIN_KEY }: Environment) => new AdminCredential(secrets, ADMIN_KEY),
    },
    { provide: SessionStore, inject: [Database], useFactory: (database: Database) => new SessionStore(database) },
    {
      provide: SessionUsage,
      inject: [JobScheduler, Database, ENVIRONMENT],
      useFactory: (scheduler: JobScheduler, database: Database, { ROLE }: Environment) =>
        new SessionUsage(scheduler, database, ROLE !== 'api'),
    },
    {
      provide: SessionCheck,
      inject: [SessionStore, SessionUsage, ApiKeyCache, AdminCredential, Database],
      useFactory: (
        sessions: SessionStore,
        usage: SessionUsage,
        keys: ApiKeyCache,
        { value: adminCredential }: AdminCredential,
        database: Database,
      ) => new SessionCheck({ sessions, usage, keys, adminCredential, now: () => database.now() }),
    },
    {
      provide: SQL_IS_ON,
      inject: [ENVIRONMENT],
      useFactory: (environment: Environment) => environment.STUDIO_SQL === 'on',
    },
  ],
  exports: [SessionCheck],
})
export class StudioSessionModule {
  constructor(clocks: ClockWatch, sessions: SessionStore) {
    // The machine may have slept for any time, while other replicas ended sessions: cached ones are read anew.
    clocks.onStep(() => sessions.forget());
  }
}
