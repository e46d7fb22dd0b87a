import { Inject, Injectable } from '@nestjs/common';
import { StoreIdentity, StoreHealth } from '#libs/assets';
import { Database, statement, type NoParameters } from '#libs/database';
import { SingleFlight } from '#libs/runtime';
import { ENVIRONMENT } from '../config/environment.module.js';
import type { Environment } from '../config/environment.js';
import { readBacklog, type Backlog } from '../metrics/backlog.js';
import { VERSION } from '../version.js';
import { Admission } from '../traffic/admission.js';
import { DrainState } from './drain-state.js';
import type { BacklogHealth, HealthDetails } from './health-details.dto.js';
import type { HealthReport } from './health.dto.js';

const PING = statement<NoParameters, { ok: number }>({ name: 'health_ping', pool: 'http', text: 'select 1 as ok' });

/** Health of this replica: whether it can serve requests. */
@Injectable()
export class HealthService {
  private readonly pings = new SingleFlight<boolean>();

  constructor(
    private readonly database: Database,
    private readonly drain: DrainState,
    private readonly store: StoreIdentity,
    private readonly admission: Admission,
    private readonly storeHealth: StoreHealth,
    @Inject(ENVIRONMENT) private readonly environment: Environment,
  ) {}

  async readiness(): Promise<HealthReport> {
    return this.report(await this.ping());
  }

  /** Never throws: a part that cannot be read is null. */
  async details(): Promise<HealthDetails> {
    const began = performance.now();
    const backlog = await readBacklog(this.database);
    const ms = Math.round(performance.now() - began);
    const problem = this.store.problem();
    return {
      status: this.report(backlog !== null).status,
      version: VERSION,
      uptimeSeconds: Math.floor(process.uptime()),
      role: this.environment.ROLE,
      isDraining: this.drain.isDraining,
      database: { isUp: backlog !== null, ms },
      pictureStore: { isUp: problem === null, problem: problem ?? this.storeHealth.problem },
      upstreams: backlog?.upstreams ?? null,
      backlog: backlog === null ? null : backlogOf(backlog),
    };
  }

  /** Asks the database once for all callers at a time (single-flight): the route is public and not rate limited. */
  private ping(): Promise<boolean> {
    return this.pings.run('ping', () =>
      this.database.run(PING).then(
        () => true,
        () => false,
      ),
    );
  }

  private report(isDatabaseUp: boolean): HealthReport {
    const problems: string[] = [];
    if (this.drain.isDraining) problems.push('this replica is shutting down');
    if (this.admission.isOverloaded) problems.push('too many requests are under way');
    if (!isDatabaseUp) problems.push('the database does not answer');
    const store = this.store.problem();
    if (store !== null) problems.push(store);
    return { status: problems.length === 0 ? 'ok' : 'unavailable', problems };
  }
}

function backlogOf({ waiting, unknown, hooksWaiting, hooksOldest, pollLag }: Backlog): BacklogHealth {
  return { waiting, unknown, hooks: hooksWaiting, hooksOldestSeconds: hooksOldest, pollLagSeconds: pollLag };
}
