import { Logger } from '@nestjs/common';
import { logFailure, statement, type Database } from '#libs/database';
import type { JobScheduler } from '#libs/runtime';
import type { CallReport } from './call-report.js';

const FLUSH_MS = 3_000;
/** Weight of the newest call in the moving average. */
const NEWEST_WEIGHT = 0.1;

/**
 * `news`: JSON of `[{id, ok_at, error, error_at, latency_ms}]`. Rows are locked in the order of ids: replicas write the
 * same ones.
 */
const NOTE_HEALTH = statement<{ news: string }, object>({
  name: 'upstream_note_health',
  pool: 'work',
  text: `with news as (
      select * from jsonb_to_recordset(:news::jsonb) as n (id bigint, ok_at timestamptz, error text, error_at timestamptz, latency_ms integer)
    ), locked as materialized (
      select id from upstream where id in (select id from news) order by id for no key update)
    update upstream u set last_ok_at = greatest(u.last_ok_at, n.ok_at),
      last_error = case when n.error_at > coalesce(u.last_error_at, '-infinity') then n.error else u.last_error end,
      last_error_at = greatest(u.last_error_at, n.error_at), latency_ms = coalesce(n.latency_ms, u.latency_ms)
    from news n join locked using (id) where u.id = n.id`,
});

interface HealthUpdate {
  okAt: Date | null;
  error: string | null;
  errorAt: Date | null;
}

/** Writes when each upstream last answered, how it last failed, and its latency: every 3 s, in one statement. */
export class HealthLog {
  private readonly log = new Logger(HealthLog.name);
  private readonly updates = new Map<string, HealthUpdate>();
  private readonly latency = new Map<string, number>();

  constructor(private readonly database: Database) {}

  start(scheduler: Pick<JobScheduler, 'add'>): void {
    scheduler.add({ name: HealthLog.name, everyMs: FLUSH_MS, work: () => this.flush() });
  }

  /** Writes all updates. Never throws. */
  async stop(): Promise<void> {
    await this.flush();
  }

  note({ upstream: { id }, fault, beganAt, ms, isQuick }: CallReport): void {
    const news = this.updates.get(id) ?? { okAt: null, error: null, errorAt: null };
    this.updates.set(id, news);
    const endedAt = new Date(beganAt.getTime() + ms);
    if (fault !== null) {
      Object.assign(news, { error: fault, errorAt: endedAt });
      return;
    }
    news.okAt = endedAt;
    if (!isQuick) return;
    const before = this.latency.get(id);
    this.latency.set(id, before === undefined ? ms : before + NEWEST_WEIGHT * (ms - before));
  }

  /** Writes all updates. Never throws: updates that cannot be written are dropped, because newer ones follow. */
  async flush(): Promise<void> {
    const rows = [...this.updates].map(([id, { okAt, error, errorAt }]) => ({
      id,
      ok_at: okAt,
      error,
      error_at: errorAt,
      latency_ms: okAt === null || !this.latency.has(id) ? null : Math.round(this.latency.get(id) ?? 0),
    }));
    this.updates.clear();
    if (rows.length === 0) return;
    await this.database.run(NOTE_HEALTH, { news: JSON.stringify(rows) }).catch((error: unknown) => {
      logFailure(this.log, 'the health of upstreams could not be noted', error);
    });
  }
}
