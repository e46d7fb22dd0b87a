import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { classOf, isUnavailable } from '#libs/database';
import { monotonicMs } from '#libs/runtime';
import { isLockTimeout, MigrationTurn, type Blocker } from './migration-turn.js';
import { MIGRATIONS } from '../migrations/index.js';

const OLDEST_POSTGRES = 150_000;
/** Longest wait of a migration for a lock; statements of running gateways queue behind it for so long. */
const LOCK_TIMEOUT_MS = 3_000;
const PAUSE_MS = 500;
/** How often a wait is reported, ms. */
const TELL_EVERY_MS = 5_000;

const DESCRIBE_MIGRATIONS = `
  comment on table schema_migration is 'Migrations that have been run.';
  comment on column schema_migration.id is 'Order of runs.';
  comment on column schema_migration.timestamp is 'Number of the migration.';
  comment on column schema_migration.name is 'Its name.';`;

export interface MigrationOptions {
  /** How long to wait for a Postgres that does not answer yet, ms. */
  connectTimeoutMs?: number;
  /** How long to wait for others: for their migrations, and for locks that they hold, ms. */
  othersMs?: number;
  /** Sessions of logins for reports whose transaction has been open for longer are ended where they are in the way, ms; 0: never. */
  reportsMs?: number;
  /** Called every five seconds of a wait, with a sentence that says what for. */
  onBlocked?: (waitsFor: string, blockers: readonly Blocker[]) => void;
}

/** Ten minutes: what building an index beside a busy gateway may take. */
const USUAL = { connectTimeoutMs: 0, othersMs: 600_000, reportsMs: 0, onBlocked: (): void => undefined };

/**
 * Runs the pending migrations, one process at a time. Waits for others are reported every five seconds, and have a time limit.
 * @throws Error when Postgres is older than 15 or stays away, a migration fails, or others do not let go
 */
export async function migrateDatabase(databaseUrl: string, options: MigrationOptions = {}): Promise<void> {
  const { connectTimeoutMs, othersMs, reportsMs, onBlocked } = { ...USUAL, ...options };
  const answers = new Wait(connectTimeoutMs, onBlocked);
  const clients = [await connect(databaseUrl, answers), await connect(databaseUrl, answers)] as const;
  try {
    const [, watcher] = clients;
    const version = await watcher.query<{ version: string }>("select current_setting('server_version_num') as version");
    if (Number(version.rows[0]?.version) < OLDEST_POSTGRES) throw new Error('Journeyman needs PostgreSQL 15 or newer');
    const turn = new MigrationTurn(...clients);
    const wait = new Wait(othersMs, onBlocked);
    while (!(await turn.take())) await wait.pause('another process that migrates', () => turn.holders());
    const source = await new DataSource({
      type: 'postgres',
      url: databaseUrl,
      migrations: MIGRATIONS,
      migrationsTableName: 'schema_migration',
      migrationsTransactionMode: 'each',
      poolSize: 1,
      applicationName: 'journeyman-migrate',
      extra: { options: `-c lock_timeout=${LOCK_TIMEOUT_MS}` },
      installExtensions: false,
      synchronize: false,
    }).initialize();
    try {
      await runMigrations(source, turn, wait, reportsMs);
      await turn.end(DESCRIBE_MIGRATIONS);
    } finally {
      await source.destroy();
    }
  } finally {
    // Ending the connection ends the turn.
    await Promise.all(clients.map((client) => client.end()));
  }
}

async function runMigrations(source: DataSource, turn: MigrationTurn, wait: Wait, reportsMs: number): Promise<void> {
  const [backend] = await source.query<{ pid: number }[]>('select pg_backend_pid() as pid');
  let blockers: Blocker[] = [];
  const look = async (): Promise<void> => {
    const found = await turn.blockersOf(backend?.pid ?? 0);
    if (found.length === 0) return;
    blockers = found;
    wait.say('a lock', found);
    if (reportsMs > 0) await turn.endLongReports(reportsMs);
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOCK_TIMEOUT_MS / 3);
  try {
    for (;;) {
      try {
        await source.runMigrations();
        return;
      } catch (error) {
        // The migration was rolled back: statements that queued behind its lock go on meanwhile.
        if (!isLockTimeout(error)) throw error;
        await wait.pause('a lock', () => Promise.resolve(blockers));
      }
    }
  } finally {
    clearInterval(timer);
  }
}

/** Waits for others, reports every five seconds whom for, and ends in an error that names them. */
class Wait {
  private readonly until: number;
  private toldAt = -Infinity;

  constructor(
    private readonly timeoutMs: number,
    private readonly report: (waitsFor: string, blockers: readonly Blocker[]) => void,
  ) {
    this.until = monotonicMs() + timeoutMs;
  }

  get isOver(): boolean {
    return monotonicMs() >= this.until;
  }

  /** @throws Error when it has taken too long */
  async pause(what: string, blockers: () => Promise<Blocker[]>): Promise<void> {
    const held = await blockers();
    if (this.isOver) {
      throw new Error(`the migration waited ${Math.round(this.timeoutMs / 1_000)} s for ${what}${namesOf(held)}`);
    }
    this.say(what, held);
    await sleep(PAUSE_MS);
  }

  say(what: string, held: readonly Blocker[]): void {
    const now = monotonicMs();
    if (now - this.toldAt < TELL_EVERY_MS) return;
    this.toldAt = now;
    this.report(`the start waits for ${what}${namesOf(held)}`, held);
  }
}

function namesOf(blockers: readonly Blocker[]): string {
  const names = blockers.map(
    ({ pid, application, user, seconds }) =>
      `process ${pid} (${[application, user && `as ${user}`, seconds !== null && `for ${seconds} s`].filter(Boolean).join(', ')})`,
  );
  return names.length === 0 ? '' : ` of ${names.join(', ')}; "select pg_terminate_backend(pid)" ends one`;
}

async function connect(databaseUrl: string, wait: Wait): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client({
      connectionString: databaseUrl,
      connectionTimeoutMillis: 5_000,
      application_name: 'journeyman-migrate',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isUnavailable(error) || wait.isOver) throw error;
      await wait.pause(`a database that answers (${classOf(error)})`, () => Promise.resolve([]));
    }
  }
}
