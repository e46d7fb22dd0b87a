import { Logger } from '@nestjs/common';
import { DatabaseUnavailableError, statement, type Database } from '#libs/database';
import { SingleFlight, type JobScheduler } from '#libs/runtime';
import type { CallReport } from './call-report.js';

const FLUSH_MS = 1_000;
const MINUTE_MS = 60_000;
/** Most rows that are kept while Postgres is away: some minutes of a busy gateway, a few MiB. */
const MOST_ROWS = 20_000;
/** Most rows of one statement. */
const BATCH = 2_000;

/** `calls`: JSON of an array of {@link Row}. Calls of upstreams that are gone are left out: the others are recorded. */
const RECORD = statement<{ calls: string }, object>({
  name: 'upstream_call_record',
  pool: 'work',
  text: `insert into upstream_call (at, upstream_id, operation, result, calls, total_ms, max_ms, task_id)
    select r.at, r.upstream_id, r.operation, r.result, r.calls, r.total_ms, r.max_ms, r.task_id
    from rows from (jsonb_to_recordset(:calls::jsonb) as (at timestamptz, upstream_id bigint, operation text, result text,
      calls integer, total_ms bigint, max_ms integer, task_id bigint)) with ordinality
      as r (at, upstream_id, operation, result, calls, total_ms, max_ms, task_id, place)
    join upstream u on u.id = r.upstream_id order by r.place`,
});

interface Row {
  at: Date;
  upstream_id: string;
  operation: string;
  result: string;
  calls: number;
  total_ms: number;
  max_ms: number;
  /** Of a submit: the task it was for. */
  task_id: string | null;
}

/**
 * Writes calls to `upstream_call`: each submit within a second, and all other calls as sums, one row a minute for each
 * operation and result, once the minute is over. Each replica writes sums of its own, which readers add up. A crash loses a
 * second of submits and a minute of sums, or those since its shutdown began.
 */
export class CallLog {
  private readonly log = new Logger(CallLog.name);
  private rows: Row[] = [];
  private readonly sums = new Map<string, Row>();
  private dropped = 0;
  private readonly flushing = new SingleFlight<void>();

  constructor(private readonly database: Database) {}

  start(scheduler: Pick<JobScheduler, 'add'>): void {
    scheduler.add({ name: CallLog.name, everyMs: FLUSH_MS, work: () => this.flush(this.database.now()) });
  }

  /** Writes all rows, those of the running minute too. Never throws. */
  async stop(): Promise<void> {
    await this.flushing.settled();
    await this.flush(null);
  }

  note({ upstream, operation, result, beganAt, ms, taskId }: CallReport): void {
    const total_ms = Math.round(ms);
    const base = { upstream_id: upstream.id, operation, result, calls: 1, total_ms, max_ms: total_ms };
    if (operation === 'submit') return this.keep({ at: beganAt, ...base, task_id: taskId ?? null });
    const at = new Date(Math.floor(beganAt.getTime() / MINUTE_MS) * MINUTE_MS);
    const key = `${at.getTime()} ${upstream.id} ${operation} ${result}`;
    const sum = this.sums.get(key);
    if (sum === undefined) {
      this.sums.set(key, { at, ...base, task_id: null });
      return;
    }
    sum.calls += 1;
    sum.total_ms += total_ms;
    sum.max_ms = Math.max(sum.max_ms, total_ms);
  }

  /** Writes the submits, and the sums of minutes that are over; with null all sums. Never throws. */
  async flush(now: Date | null): Promise<void> {
    await this.flushing.run('flush', () => this.write(now));
  }

  private async write(now: Date | null): Promise<void> {
    for (const [key, sum] of this.sums) {
      if (now !== null && sum.at.getTime() + MINUTE_MS > now.getTime()) continue;
      this.sums.delete(key);
      this.keep(sum);
    }
    while (this.rows.length > 0) {
      const batch = this.rows.splice(0, BATCH);
      try {
        await this.database.run(RECORD, { calls: JSON.stringify(batch) });
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) this.rows.unshift(...batch);
        else this.log.error(`${batch.length} calls to upstreams could not be recorded: ${String(error)}`);
        return;
      }
    }
    if (this.dropped > 0) this.log.warn(`${this.dropped} calls to upstreams were not recorded: the database was away`);
    this.dropped = 0;
  }

  private keep(row: Row): void {
    if (this.rows.length < MOST_ROWS) this.rows.push(row);
    else this.dropped += row.calls;
  }
}
