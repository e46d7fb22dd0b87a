import { Injectable } from '@nestjs/common';
import { listSlaTargets, replaceSlaTargets } from '#libs/access';
import { Database } from '#libs/database';
import { AdminAudit } from '../admin-audit.js';
import type { AdminCall } from '../admin-call.js';
import { refuseDuplicates } from './refuse-duplicates.js';
import type { SlaTargetDto } from './sla.dto.js';

/** The targets that report.sla_daily measures against. */
@Injectable()
export class SlaService {
  constructor(
    private readonly database: Database,
    private readonly audit: AdminAudit,
  ) {}

  async list(): Promise<SlaTargetDto[]> {
    const targets = await listSlaTargets(this.database);
    return targets.map(({ mode, targetSeconds, targetRatio }) => ({
      mode,
      targetSeconds,
      targetRatio: Number(targetRatio),
    }));
  }

  /** A mode that is left out has no target any more. @throws Problem when a mode is there twice */
  async replace(targets: readonly SlaTargetDto[], call: AdminCall): Promise<SlaTargetDto[]> {
    refuseDuplicates(targets.map(({ mode }) => mode));
    const rows = targets.map(({ mode, targetSeconds, targetRatio }) => ({
      mode,
      targetSeconds,
      targetRatio: String(targetRatio),
    }));
    await this.audit.within(call, { target: 'sla', detail: { targets } }, (runner) => replaceSlaTargets(runner, rows));
    return this.list();
  }
}
