import { Module } from '@nestjs/common';
import { AdminAudit } from './admin-audit.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditReads } from './audit/audit-reads.js';
import { AdminHookController } from './hooks/admin-hook.controller.js';
import { HookReads } from './hooks/hook-reads.js';
import { HookResends } from './hooks/hook-resends.js';
import { ReceiverController } from './hooks/receiver.controller.js';
import { ReceiverReads } from './hooks/receiver-reads.js';
import { AdminKeyController } from './keys/admin-key.controller.js';
import { AdminKeyService } from './keys/admin-key.service.js';
import { ListCursors } from './list-cursor.js';
import { AdminQuestionController, AdminSqlController } from './sql/admin-sql.controller.js';
import { BannedWordService } from './settings/banned-word.service.js';
import { PriceService } from './settings/price.service.js';
import { BannedWordController, PriceController, SlaController } from './settings/settings.controller.js';
import { SlaService } from './settings/sla.service.js';
import { AdminTaskController, StatsController } from './tasks/admin-task.controller.js';
import { AdminTaskService } from './tasks/admin-task.service.js';
import { CsvTurns } from './tasks/csv-turns.js';
import { StuckReads } from './tasks/stuck-reads.js';
import { TaskCsvController } from './tasks/task-csv.controller.js';
import { TaskCsv } from './tasks/task-csv.js';
import { TaskDetails } from './tasks/task-details.js';
import { TaskNameReads } from './tasks/task-names.js';
import { TaskSearch } from './tasks/task-search.js';
import { AdminUpstreamController } from './upstreams/admin-upstream.controller.js';
import { AdminUpstreamService } from './upstreams/admin-upstream.service.js';
import { UpstreamLoads } from './upstreams/upstream-loads.js';

/**
 * /admin/**, which exists only where ADMIN_KEY is set. `imports`: DatabaseModule, NetModule, AccessModule, UpstreamModule,
 * HooksModule, TrackingModule, ReportsModule.
 */
@Module({
  controllers: [
    AdminKeyController,
    AdminUpstreamController,
    AdminTaskController,
    TaskCsvController,
    StatsController,
    AdminHookController,
    ReceiverController,
    PriceController,
    SlaController,
    BannedWordController,
    AuditController,
    AdminQuestionController,
    AdminSqlController,
  ],
  providers: [
    AdminAudit,
    AdminKeyService,
    AdminTaskService,
    AdminUpstreamService,
    UpstreamLoads,
    AuditReads,
    BannedWordService,
    HookReads,
    HookResends,
    ListCursors,
    PriceService,
    ReceiverReads,
    SlaService,
    CsvTurns,
    StuckReads,
    TaskCsv,
    TaskDetails,
    TaskNameReads,
    TaskSearch,
  ],
})
export class AdminModule {}
