import { Injectable } from '@nestjs/common';
import { StoreIdentity } from '#libs/assets';
import { Database, type Statement } from '#libs/database';
import { DrainState } from './drain-state.js';
import type { HealthReport } from './health.dto.js';

const PING: Statement = { name: 'health_ping', pool: 'http', text: 'select 1 as ok' };

/** Says whether this replica can do its work. */
@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly drain: DrainState,
    private readonly store: StoreIdentity,
  ) {}

  async readiness(): Promise<HealthReport> {
    const problems: string[] = [];
    if (this.drain.isDraining) problems.push('this replica is shutting down');
    const ping = await this.database.run(PING).then(
      () => null,
      () => 'the database does not answer',
    );
    if (ping !== null) problems.push(ping);
    const store = this.store.problem();
    if (store !== null) problems.push(store);
    return { status: problems.length === 0 ? 'ok' : 'unavailable', problems };
  }
}
