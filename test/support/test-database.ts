import { randomBytes } from 'node:crypto';

import { Client, escapeIdentifier, escapeLiteral } from 'pg';

import { migrateDatabase } from '../../apps/gateway/src/database/migrate-database.js';

/** A migrated, empty database of one test file. */
export interface TestDatabase {
  url: string;
  /** Ends every connection to it and removes it. */
  drop(): Promise<void>;
}

/** Any number that nothing else locks by, so that one worker alone fills the template. */
const TEMPLATE_LOCK = 7_041_601;
const FILLED = 'migrated';

/** Makes a database from the migrated template; a matter of milliseconds after the first. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = setting('TEST_POSTGRES_URL');
  const template = setting('TEST_TEMPLATE_DATABASE');
  const name = `journeyman_test_${randomBytes(8).toString('hex')}`;
  await withClient(server, async (client) => {
    await fillTemplate(client, server, template);
    await client.query(
      `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)} strategy file_copy`,
    );
  });
  return {
    url: urlOf(server, name),
    drop: () =>
      withClient(server, async (client) => {
        await client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`);
      }),
  };
}

/** Migrates the template once per run; one that a failed attempt left half done is made anew. */
async function fillTemplate(client: Client, server: string, template: string): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const found = await client.query<{ mark: string | null }>(
      `select shobj_description(oid, 'pg_database') as mark from pg_database where datname = $1`,
      [template],
    );
    if (found.rows[0]?.mark === FILLED) return;
    await client.query(`drop database if exists ${escapeIdentifier(template)} with (force)`);
    await client.query(`create database ${escapeIdentifier(template)} template template0`);
    await migrateDatabase(urlOf(server, template));
    await client.query(`comment on database ${escapeIdentifier(template)} is ${escapeLiteral(FILLED)}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing: tests run under jest with test/support/global-setup.ts.`);
  return value;
}
