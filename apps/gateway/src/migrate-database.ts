import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { isUnavailable, monotonicMs } from '#libs/database';
import { MIGRATIONS } from './migrations/index.js';

/** Advisory lock of every Journeyman migration, so that replicas started together migrate once. */
const MIGRATION_LOCK = 7_260_414_001;
const OLDEST_POSTGRES = 150_000;

const DESCRIBE_MIGRATIONS = `
  comment on table schema_migration is 'Migrations that have been run.';
  comment on column schema_migration.id is 'Order of runs.';
  comment on column schema_migration.timestamp is 'Number of the migration.';
  comment on column schema_migration.name is 'Its name.';`;

/**
 * Brings the schema up to this build's migrations; others that do so at the same time wait for it.
 * @param patienceMs how long to wait for a Postgres that does not answer yet
 * @throws Error when Postgres is older than 15, stays away, or a migration fails
 */
export async function migrateDatabase(databaseUrl: string, patienceMs = 0): Promise<void> {
  const lock = await connect(databaseUrl, patienceMs);
  try {
    const version = await lock.query<{ version: string }>("select current_setting('server_version_num') as version");
    if (Number(version.rows[0]?.version) < OLDEST_POSTGRES) throw new Error('Journeyman needs PostgreSQL 15 or newer');
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const source = await new DataSource({
      type: 'postgres',
      url: databaseUrl,
      migrations: MIGRATIONS,
      migrationsTableName: 'schema_migration',
      migrationsTransactionMode: 'each',
      poolSize: 1,
      installExtensions: false,
      synchronize: false,
    }).initialize();
    try {
      await source.runMigrations();
      await source.query(DESCRIBE_MIGRATIONS);
    } finally {
      await source.destroy();
    }
  } finally {
    // Ending the session gives the advisory lock back.
    await lock.end();
  }
}

async function connect(databaseUrl: string, patienceMs: number): Promise<pg.Client> {
  const giveUpAt = monotonicMs() + patienceMs;
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
      if (!isUnavailable(error) || monotonicMs() >= giveUpAt) throw error;
      await sleep(500);
    }
  }
}
