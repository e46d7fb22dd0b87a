import type pg from 'pg';
import { END_LONG_REPORTS, type EndedSession } from '../reports/report-sessions.js';

/** Who holds what a migration waits for, as far as this database user is told. */
export interface Blocker {
  pid: number;
  application: string;
  user: string;
  /** For how long its transaction has been open, s; null: not told, or none. */
  seconds: number | null;
}

/**
 * The table of migrations, as TypeORM makes it; made here so that it can be locked before. Its lock is the turn: it conflicts
 * with itself and with nothing that reads or writes rows, and only who has rights on the table can take it. An advisory lock
 * could be held by anybody who may connect, a login for reports included.
 */
const MAKE_TABLE = `create table if not exists schema_migration (
  id serial constraint "PK_schema_migration" primary key, "timestamp" bigint not null, name character varying not null)`;
const LOCK = 'lock table schema_migration in share update exclusive mode nowait';

const HOLDERS = `select pid from pg_locks
  where relation = 'schema_migration'::regclass and mode = 'ShareUpdateExclusiveLock' and granted and pid <> pg_backend_pid()`;
const DESCRIBE = `select pid, coalesce(application_name, '') as application, coalesce(usename, '') as "user",
    extract(epoch from clock_timestamp() - xact_start)::int as seconds
  from pg_stat_activity where pid = any($1::int[]) order by xact_start nulls last`;

const LOCK_NOT_AVAILABLE = '55P03';
/** Two made the table at once: one of them finds its type, or the table, there. */
const MADE_MEANWHILE = new Set(['23505', '42P07', '42710']);

/** The turn of one process at the migrations of a database. */
export class MigrationTurn {
  /**
   * @param client a connection of its own, on which nothing else runs until the turn ends: whatever the transaction of the
   *   turn asks leaves a snapshot behind, for which the building of an index would wait for ever
   * @param watcher another one, for questions
   */
  constructor(
    private readonly client: pg.Client,
    private readonly watcher: pg.Client,
  ) {}

  /** Takes the turn, which lasts until `end` or the end of the connection. False: it is another's. */
  async take(): Promise<boolean> {
    // Nothing that a role or a server is set to may end the turn, which is idle while the migrations run.
    await this.client.query(
      'set idle_in_transaction_session_timeout = 0; set idle_session_timeout = 0; set statement_timeout = 0',
    );
    await this.client.query(MAKE_TABLE).catch((error: unknown) => {
      if (!MADE_MEANWHILE.has(codeOf(error))) throw error;
    });
    await this.client.query('begin isolation level read committed');
    try {
      await this.client.query(LOCK);
      return true;
    } catch (error) {
      await this.client.query('rollback');
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      return false;
    }
  }

  /** Does `statement` within the turn, and ends it. */
  async end(statement: string): Promise<void> {
    await this.client.query(statement);
    await this.client.query('commit');
  }

  /** Who has the turn. */
  async holders(): Promise<Blocker[]> {
    const { rows } = await this.watcher.query<{ pid: number }>(HOLDERS);
    return this.describe(rows.map(({ pid }) => pid));
  }

  /** Who holds what a backend waits for. */
  async blockersOf(pid: number): Promise<Blocker[]> {
    const { rows } = await this.watcher.query<{ pids: number[] }>('select pg_blocking_pids($1) as pids', [pid]);
    return this.describe(rows[0]?.pids ?? []);
  }

  /** Ends reports that run for longer than they may: they may hold what a migration waits for. Never throws. */
  async endLongReports(longerThanMs: number): Promise<EndedSession[]> {
    return this.watcher.query<EndedSession>(END_LONG_REPORTS, [longerThanMs]).then(
      ({ rows }) => rows,
      () => [],
    );
  }

  private async describe(pids: readonly number[]): Promise<Blocker[]> {
    if (pids.length === 0) return [];
    return (await this.watcher.query<Blocker>(DESCRIBE, [pids])).rows;
  }
}

/** Whether a statement gave up waiting for a lock. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === LOCK_NOT_AVAILABLE;
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
