import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { ApiKeyCache, newApiKey } from '#libs/access';
import { Database, SecretBox } from '#libs/database';
import { EnvUpstreams } from '#libs/upstream';
import type { Bench } from './bench.js';
import { connect } from './bench-postgres.js';

/** A database with a key and an upstream in it, and the settings of gateways on it. */
export interface Installation {
  databaseUrl: string;
  /** A connection of the bench itself. */
  sql: Client;
  key: string;
  keyId: string;
  upstreamId: string;
  environment: Readonly<Record<string, string>>;
}

export interface InstallationOptions {
  upstreamUrl: string;
  /** Settings of the gateways besides those of SETTINGS. */
  settings?: Readonly<Record<string, string>>;
}

/** What every gateway of the bench is set to, besides the defaults. */
export const SETTINGS = {
  READS_PER_MINUTE: '1000000000',
  QUEUE_LIMIT: '1000000',
  EGRESS_ALLOW: '127.0.0.0/8',
} as const;

const NEVER_REACHED = 1_000_000_000;

/** Makes them. The key has every limit there is, none of which is ever reached: so all of them are counted. */
export async function install(
  bench: Bench,
  { upstreamUrl, settings = {} }: InstallationOptions,
): Promise<Installation> {
  const databaseUrl = await bench.database();
  const dataDir = await bench.folder();
  const secretKey = randomBytes(32);
  const key = newApiKey();
  const database = new Database({ url: databaseUrl, connections: { http: 1, work: 1 }, statementTimeoutMs: 30_000 });
  const { id: keyId } = await new ApiKeyCache(database).ensure('bench', key);
  const registry = new EnvUpstreams(database, new SecretBox(secretKey));
  await registry.ensure({
    name: 'default',
    kind: 'midjourney-proxy',
    baseUrl: upstreamUrl,
    secret: null,
    maxConcurrent: NEVER_REACHED,
    reenable: false,
  });
  await database.close();
  const sql = await connect(databaseUrl);
  bench.onClose(() => sql.end());
  await sql.query(
    `with limited as (
        update account set is_limited = true, has_credit_limit = true, balance = $2::numeric,
          max_concurrent = $2::integer, requests_per_minute = $2::integer, daily_tasks = $2::integer,
          monthly_spend = $2::numeric, queue_limit = 1000000
        where api_key_id = $1 returning api_key_id)
      insert into ledger (api_key_id, kind, amount) select api_key_id, 'topup', $2::numeric from limited`,
    [keyId, NEVER_REACHED],
  );
  const { rows } = await sql.query<{ id: string }>('select id from upstream');
  const environment = {
    ...SETTINGS,
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secretKey.toString('base64'),
    DATA_DIR: dataDir,
    ...settings,
  };
  return { databaseUrl, sql, key, keyId, upstreamId: rows[0]?.id ?? '', environment };
}

/** The headers of a client with this key. */
export function clientHeaders({ key }: Installation): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}
