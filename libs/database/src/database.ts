import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DatabaseUnavailableError, isRetryableFault, isUnavailable } from './database-error.js';
import type { PoolName, Statement } from './statement.js';

export interface DatabaseOptions {
  /** `postgres://…` */
  url: string;
  /** Connections for HTTP and for background work. */
  connections: { http: number; work: number };
  /** Longest a statement may run, in ms. */
  statementTimeoutMs: number;
}

const MAX_RUNS = 3;
/** How long a request waits for a free connection before it is told that the database is not available. */
const CONNECT_WAIT_MS = 2_000;
const CLOCK_REFRESH_MS = 30_000;
const SLOW_CLOCK_MS = 100;

/**
 * The way to Postgres for every statement of the hot path: two pools, named prepared statements, and a clock that
 * follows the database's, so that replicas with wrong clocks agree.
 */
export class Database {
  private readonly log = new Logger(Database.name);
  private readonly pools: Record<PoolName, pg.Pool>;
  private clockOffsetMs = 0;
  private clockTimer: NodeJS.Timeout | undefined;

  constructor(options: DatabaseOptions) {
    const pool = (max: number, name: string): pg.Pool => {
      const made = new pg.Pool({
        connectionString: options.url,
        max,
        connectionTimeoutMillis: CONNECT_WAIT_MS,
        statement_timeout: options.statementTimeoutMs,
        // A statement whose answer never comes (half-open link) must not hold its caller for ever.
        query_timeout: options.statementTimeoutMs + 5_000,
        application_name: `journeyman-${name}`,
        keepAlive: true,
      });
      // Without a listener an idle connection that Postgres closes would end the process.
      made.on('error', (error) => this.log.warn(`an idle database connection was lost: ${error.message}`));
      return made;
    };
    this.pools = { http: pool(options.connections.http, 'http'), work: pool(options.connections.work, 'work') };
  }

  /**
   * Runs one statement and gives its rows.
   * Serialization failures and deadlocks are run again, three times at most.
   * @throws DatabaseUnavailableError when Postgres is away; the driver's error for anything else
   */
  async run<Row extends object>(statement: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    for (let run = 1; ; run += 1) {
      try {
        const { name, text } = statement;
        const result = await this.pools[statement.pool].query<Row & pg.QueryResultRow>({
          name,
          text,
          values: [...values],
        });
        return result.rows;
      } catch (error) {
        if (isRetryableFault(error) && run < MAX_RUNS) continue;
        throw isUnavailable(error) ? new DatabaseUnavailableError(error) : error;
      }
    }
  }

  /** The database's time, as well as this process knows it. */
  now(): Date {
    return new Date(Date.now() + this.clockOffsetMs);
  }

  /** Learns the database's time now and every 30 s. @throws DatabaseUnavailableError */
  async start(): Promise<void> {
    await this.readClock();
    this.clockTimer = setInterval(() => void this.readClock().catch(() => undefined), CLOCK_REFRESH_MS);
    this.clockTimer.unref();
  }

  /** Ends both pools; statements under way finish first. */
  async close(): Promise<void> {
    clearInterval(this.clockTimer);
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()));
  }

  private async readClock(): Promise<void> {
    const before = Date.now();
    const [row] = await this.run<{ now: Date }>(CLOCK);
    const after = Date.now();
    // A slow answer says little about when it was given.
    const isSlow = after - before > SLOW_CLOCK_MS && this.clockTimer !== undefined;
    if (row !== undefined && !isSlow) this.clockOffsetMs = row.now.getTime() - (before + after) / 2;
  }
}

const CLOCK: Statement = { name: 'clock', pool: 'work', text: 'select clock_timestamp() as now' };
