import { Logger } from '@nestjs/common';
import pg from 'pg';
import { monotonicMs, OutageLog } from '#libs/runtime';
import { AbandonedStatements } from './abandoned-statements.js';
import { CancelledStatements } from './cancelled-statements.js';
import { DatabaseClock } from './database-clock.js';
import {
  classOf,
  DatabaseUnavailableError,
  isCancelled,
  isRetryableFault,
  isStalePlan,
  isUnavailable,
  StatementAbandonedError,
  StatementCancelledError,
} from './database-error.js';
import { openPools, type DatabaseOptions } from './connection-pools.js';
import { valuesBy, type PoolName, type Statement, type TypedStatement } from './statement.js';

/** What a statement is run with: its parameters, where it has any, and what ends it early. */
type RunWith<Parameters extends object> = keyof Parameters extends never
  ? [parameters?: Parameters, signal?: AbortSignal]
  : [parameters: Parameters, signal?: AbortSignal];

/** What runs statements: the database, or a transaction. */
export type StatementRunner = Pick<Database, 'run'>;

const MAX_RUNS = 3;
/** How old what is known of the database's time may be. Each probe of the scheduler reads it too. */
export const CLOCK_REFRESH_MS = 5_000;

/**
 * The way to Postgres for every statement of the hot path: two pools, named prepared statements, and a clock that
 * follows the database's, so that replicas with wrong clocks agree.
 */
export class Database {
  private readonly log = new Logger(Database.name);
  private readonly pools: Record<PoolName, pg.Pool>;
  /** The only place that tells of an outage: everybody else's work just waits. */
  private readonly outage = new OutageLog({
    began: (why) => this.log.error({ alarm: 'the database is not available', why }),
    ended: (seconds) => this.log.log(`the database is available again, after ${seconds} s`),
  });
  /** Statements that were ended for their length. */
  readonly cancelled = new CancelledStatements();
  private readonly abandoned: AbandonedStatements;
  private readonly holdsConnections: boolean;
  private isClosed = false;

  /** Follows the database's time, whatever is done to the clock of this machine. */
  readonly clock: DatabaseClock;

  constructor(options: DatabaseOptions) {
    this.holdsConnections = options.holdsConnections ?? false;
    this.clock = new DatabaseClock(options.monotonic ?? monotonicMs);
    this.pools = openPools(options, this.log);
    this.abandoned = new AbandonedStatements(this.pools.work);
  }

  /**
   * Runs one statement and gives its rows. With a signal, which costs a little, it is cancelled at Postgres when that is aborted.
   * Serialization failures and deadlocks are run again, three times at most. So is a statement that another replica's
   * migration has made stale.
   * @throws DatabaseUnavailableError when Postgres is away, or undid every run; StatementCancelledError, which is one too,
   *   when it took longer than it may, StatementAbandonedError where it was cancelled; the driver's error for anything else
   */
  run<Parameters extends object, Row extends object>(
    statement: TypedStatement<Parameters, Row>,
    ...[parameters, signal]: RunWith<Parameters>
  ): Promise<Row[]>;
  run<Row extends object>(
    statement: Statement & { parameters?: undefined },
    values?: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<Row[]>;
  async run<Row extends object>(
    statement: Statement | TypedStatement<object, Row>,
    given: object | readonly unknown[] = [],
    signal?: AbortSignal,
  ): Promise<Row[]> {
    const values = valuesBy(statement, given);
    const { text } = statement;
    let name: string | undefined = statement.name;
    for (let run = 1; ; run += 1) {
      try {
        const query = { name, text, values };
        const pool = this.pools[statement.pool];
        const rows =
          signal === undefined
            ? (await pool.query<Row & pg.QueryResultRow>(query)).rows
            : await this.runUnlessLeft<Row>(pool, query, signal);
        this.outage.worked();
        return rows;
      } catch (error) {
        if (signal?.aborted === true && isCancelled(error)) throw new StatementAbandonedError(error);
        if (isStalePlan(error) && name !== undefined) {
          // Every connection has its own stale plan; what has no name is planned anew on any of them.
          name = undefined;
          continue;
        }
        if (isRetryableFault(error) && run < MAX_RUNS) continue;
        throw this.judged(error, statement.name);
      }
    }
  }

  /**
   * Runs statements one after the other on one connection of `pool`, as one transaction: each sees what was committed
   * before it began. When `work` throws, all of it is undone; serialization failures and deadlocks are run again.
   * For administration: the hot path has one statement for each thing that must happen at once.
   * @throws DatabaseUnavailableError like `run`; what `work` throws
   */
  async transaction<T>(pool: PoolName, work: (runner: StatementRunner) => Promise<T>): Promise<T> {
    for (let run = 1; ; run += 1) {
      try {
        return await this.transact(pool, work);
      } catch (error) {
        if (isRetryableFault(error) && run < MAX_RUNS) continue;
        throw this.judged(error, 'a transaction');
      }
    }
  }

  /** How many connections of each pool are at work, idle, or waited for. */
  connections(): Record<PoolName, { busy: number; idle: number; waiting: number }> {
    const of = ({ totalCount, idleCount, waitingCount }: pg.Pool): { busy: number; idle: number; waiting: number } => ({
      busy: totalCount - idleCount,
      idle: idleCount,
      waiting: waitingCount,
    });
    return { http: of(this.pools.http), work: of(this.pools.work) };
  }

  /** The database's time, as well as this process knows it. */
  now(): Date {
    return this.clock.now();
  }

  /**
   * The database's time, for what must not be done too late: asked anew where this machine may have slept since it was
   * last read.
   * @throws DatabaseUnavailableError
   */
  async time(): Promise<Date> {
    if (!this.clock.isSure) await this.readClock();
    return this.now();
  }

  /** Learns the database's time. @throws DatabaseUnavailableError */
  async start(): Promise<void> {
    await this.readClock();
    if (this.holdsConnections) await this.openAll();
  }

  /** Learns the database's time anew, unless it was read within the last 5 s. @throws DatabaseUnavailableError */
  async refreshClock(): Promise<void> {
    if (this.clock.ageMs >= CLOCK_REFRESH_MS) await this.readClock();
  }

  /** Opens every connection that there may be; what Postgres refuses is opened when it is needed. */
  private async openAll(): Promise<void> {
    for (const pool of Object.values(this.pools)) {
      const opened = await Promise.allSettled(Array.from({ length: pool.options.max }, () => pool.connect()));
      for (const one of opened) if (one.status === 'fulfilled') one.value.release();
    }
  }

  /** Ends both pools; statements under way finish first. */
  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(Object.values(this.pools).map((pool) => pool.end()));
  }

  private async runUnlessLeft<Row extends object>(
    pool: pg.Pool,
    query: pg.QueryConfig,
    signal: AbortSignal,
  ): Promise<Row[]> {
    if (signal.aborted) throw new StatementAbandonedError(signal.reason);
    const client = await pool.connect();
    // A connection that breaks while it is taken tells its statement; nobody else may hear of it.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let isBroken = false;
    try {
      if (signal.aborted) throw new StatementAbandonedError(signal.reason);
      const work = (): Promise<pg.QueryResult<Row & pg.QueryResultRow>> => client.query(query);
      return (await this.abandoned.watch(client, signal, work)).rows;
    } catch (error) {
      isBroken = !isCancelled(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(isBroken);
    }
  }

  /** What callers get to see of a failure, which is noted where it is Postgres'. */
  private judged(error: unknown, what: string): unknown {
    const isUndone = isRetryableFault(error);
    if (isCancelled(error)) {
      this.cancelled.note(what);
      return new StatementCancelledError(error);
    }
    if (isUndone) this.log.warn(`${what} was undone ${MAX_RUNS} times (${classOf(error)})`);
    else if (!isUnavailable(error)) return error;
    else if (!this.isClosed) this.outage.failed(`${classOf(error)} at ${what}`);
    return new DatabaseUnavailableError(error);
  }

  private async transact<T>(pool: PoolName, work: (runner: StatementRunner) => Promise<T>): Promise<T> {
    const client = await this.pools[pool].connect();
    // A connection that breaks while it is taken tells its next statement; nobody else may hear of it.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    let broken: unknown;
    try {
      await client.query('begin');
      // Without a name: a stale plan could not be planned anew inside a transaction.
      const run = async (
        statement: Statement | TypedStatement<object, object>,
        given: object = [],
      ): Promise<never[]> => {
        const { rows } = await client.query({ text: statement.text, values: valuesBy(statement, given) });
        return rows as never[];
      };
      const result = await work({ run });
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: unknown) => (broken = failure));
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken !== undefined);
    }
  }

  private async readClock(): Promise<void> {
    const end = this.clock.begin();
    const [row] = await this.run<{ now: Date }>(CLOCK);
    if (row !== undefined) end(row.now);
  }
}

const CLOCK: Statement = { name: 'clock', pool: 'work', text: 'select clock_timestamp() as now' };
