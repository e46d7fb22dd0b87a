import { readFile } from 'node:fs/promises';
import { Client, escapeIdentifier } from 'pg';
import { migrateDatabase } from '../../apps/gateway/src/database/migrate-database.js';
import { ChaosPostgres } from '../chaos/chaos-postgres.js';
import { readStat } from './process-cpu.js';

/** What differs from a PostgreSQL of `npm start`; the floors run on the same one. */
export const POSTGRES_SETTINGS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.max': '10000',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '30min',
} as const;

const TEMPLATE = 'bench_template';

/** A statement of the gateway as PostgreSQL counted it. */
export interface StatementFigures {
  query: string;
  calls: number;
  meanMs: number;
}

/** The PostgreSQL of a run: with the durability of production, and counting statements. */
export class BenchPostgres {
  private made = 0;

  private constructor(
    private readonly server: ChaosPostgres,
    private readonly admin: Client,
    readonly version: string,
    /** Of the server itself, whose children its connections are. */
    readonly pid: number,
  ) {}

  static async start(): Promise<BenchPostgres> {
    const server = await ChaosPostgres.start();
    await withClient(server.url, async (client) => {
      for (const [name, value] of Object.entries(POSTGRES_SETTINGS)) {
        await client.query(`alter system set ${name} = '${value}'`);
      }
    });
    await server.stopAtOnce();
    await server.startAgain();
    const admin = await connect(server.url);
    await admin.query('create extension pg_stat_statements');
    await admin.query(`create database ${TEMPLATE}`);
    await migrateDatabase(urlOf(server.url, TEMPLATE));
    const { rows } = await admin.query<{ version: string; pid: number }>(
      `select current_setting('server_version') as version, pg_backend_pid() as pid`,
    );
    const { version = '', pid = 0 } = rows[0] ?? {};
    const line = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    return new BenchPostgres(server, admin, `PostgreSQL ${version}`, readStat(line).parent);
  }

  /** A migrated, empty database of its own; gives its URL. */
  async database(): Promise<string> {
    this.made += 1;
    const name = `bench_${this.made}`;
    await this.admin.query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
    return urlOf(this.server.url, name);
  }

  /** Ends every connection to a database and removes it. */
  async drop(url: string): Promise<void> {
    await this.admin.query(`drop database if exists ${escapeIdentifier(nameOf(url))} with (force)`);
  }

  /** What was run in a database while `work` went on, the most frequent first. */
  async statementsOf(url: string, work: () => Promise<unknown>): Promise<StatementFigures[]> {
    await this.admin.query('select pg_stat_statements_reset()');
    await work();
    const { rows } = await this.admin.query<{ query: string; calls: string; mean: number }>(
      `select query, calls, mean_exec_time as mean from pg_stat_statements s join pg_database d on d.oid = s.dbid
       where d.datname = $1 order by calls desc`,
      [nameOf(url)],
    );
    return rows.map(({ query, calls, mean }) => ({ query, calls: Number(calls), meanMs: mean }));
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.server.remove();
  }
}

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name: 'bench' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.toString();
}

function nameOf(url: string): string {
  return new URL(url).pathname.slice(1);
}
