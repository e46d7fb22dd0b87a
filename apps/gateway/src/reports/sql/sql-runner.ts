import { Logger } from '@nestjs/common';
import { classOf } from '#libs/database';
import { KeyPermits, PermitRefusedError } from '#libs/runtime';
import pg from 'pg';
import { socketOf, type SqlRows } from './portal.js';
import { SqlBusyError } from './sql-fault.js';
import { SQL_LIMITS, type SqlPermits } from './sql-limits.js';

const CONNECT_WAIT_MS = 5_000;
/** What every query starts from; DISCARD ALL brings it back. */
const SETTINGS = {
  default_transaction_read_only: 'on',
  statement_timeout: String(SQL_LIMITS.statementMs),
  lock_timeout: '2000',
  idle_in_transaction_session_timeout: String(SQL_LIMITS.deadlineMs + SQL_LIMITS.cancelMs),
  search_path: 'report',
  timezone: 'UTC',
  datestyle: 'ISO',
  intervalstyle: 'postgres',
  bytea_output: 'hex',
  jit: 'off',
};
const OPTIONS = Object.entries(SETTINGS)
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');
const CANCEL = 'select pg_cancel_backend($1)';

export interface RunnerOptions {
  /** `postgres://…` */
  url: string;
  name: string;
  permits: SqlPermits;
}

/** Connections of a runner, and callers that wait for their turn. */
export interface RunnerConnections {
  busy: number;
  idle: number;
  waiting: number;
}

type Backend = pg.PoolClient & { readonly processID?: number | null };

/**
 * Runs queries of people on a pool of its own, each in a read-only transaction that is rolled back, on a session that is as new
 * before the next. A caller who leaves has the query cancelled.
 */
export class SqlRunner {
  private readonly log = new Logger(SqlRunner.name);
  private readonly pool: pg.Pool;
  readonly permits: KeyPermits;
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor({ url, name, permits }: RunnerOptions) {
    this.permits = new KeyPermits(permits);
    this.pool = new pg.Pool({
      connectionString: url,
      // One more than there are queries: it cancels.
      max: permits.total + 1,
      connectionTimeoutMillis: CONNECT_WAIT_MS,
      idleTimeoutMillis: 30_000,
      options: OPTIONS,
      application_name: `journeyman-${name}`,
      keepAlive: true,
    });
    this.pool.on('error', (error) => this.log.debug(`an idle connection was lost: ${classOf(error)}`));
  }

  /**
   * Does `read` in a transaction of its own.
   * @param session whose turn it is
   * @param opening what the transaction begins with
   * @throws SqlBusyError before anything was begun; what `read` throws
   */
  async run(
    session: string,
    signal: AbortSignal,
    opening: string,
    read: (client: pg.PoolClient) => Promise<SqlRows>,
  ): Promise<SqlRows> {
    const ends = AbortSignal.any([signal, this.closing.signal]);
    let release: () => void;
    try {
      release = await this.permits.acquire(session, { signal: ends });
    } catch (error) {
      if (error instanceof PermitRefusedError) throw new SqlBusyError();
      throw error;
    }
    try {
      const work = this.transact(ends, opening, read);
      this.underWay.add(work);
      return await work.finally(() => this.underWay.delete(work));
    } finally {
      release();
    }
  }

  get connections(): RunnerConnections {
    const { totalCount, idleCount } = this.pool;
    return { busy: totalCount - idleCount, idle: idleCount, waiting: this.permits.waiting };
  }

  /** Has every query cancelled, and takes none any more. */
  stop(): void {
    this.closing.abort();
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.allSettled(this.underWay);
    await this.pool.end();
  }

  private async transact(
    signal: AbortSignal,
    opening: string,
    read: (client: pg.PoolClient) => Promise<SqlRows>,
  ): Promise<SqlRows> {
    const client: Backend = await this.pool.connect();
    // The pool hears only of idle connections; this one may be cut.
    const onError = (): void => undefined;
    client.on('error', onError);
    const cancelling: Promise<void>[] = [];
    const cancel = (): void => void cancelling.push(this.cancel(client));
    const deadline = setTimeout(cancel, SQL_LIMITS.deadlineMs);
    signal.addEventListener('abort', cancel, { once: true });
    let isClean = false;
    try {
      // Nobody waits any more: nothing is begun.
      if (signal.aborted) throw new SqlBusyError();
      await client.query(`begin read only; ${opening}`);
      const rows = await read(client);
      isClean = true;
      return rows;
    } catch (error) {
      // A failure of the query leaves the connection as good as it was.
      isClean = error instanceof Error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code));
      throw error;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', cancel);
      await Promise.all(cancelling);
      // A cancellation may come late and would meet the next query.
      const isReusable = isClean && cancelling.length === 0 && (await this.clean(client));
      client.off('error', onError);
      client.release(!isReusable);
    }
  }

  private async clean(client: pg.PoolClient): Promise<boolean> {
    try {
      await client.query('rollback');
      await client.query('discard all');
      return true;
    } catch {
      return false;
    }
  }

  /** Never rejects. What does not end when it is told to loses its connection. */
  private async cancel(client: Backend): Promise<void> {
    // It may have come between two statements of the transaction. Without its connection no third one follows.
    const cut = setTimeout(() => {
      this.pool.query(CANCEL, [client.processID]).catch(() => undefined);
      socketOf(client).destroy();
    }, SQL_LIMITS.cancelMs);
    client.once('end', () => clearTimeout(cut));
    try {
      await this.pool.query(CANCEL, [client.processID]);
    } catch (error) {
      this.log.debug(`a query could not be cancelled: ${classOf(error)}`);
    }
  }
}
