import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  REPORTER,
  REPORTER_SETTINGS,
  SECURE_REPORTS,
} from '../../apps/gateway/src/migrations/reports/reporter-role.js';
import { ReportKeeper } from '../../apps/gateway/src/reports/report-keeper.js';
import { makeReporter, ReporterError } from '../../apps/gateway/src/reports/reporter-login.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const COMMAND = resolve(import.meta.dirname, '../../dist/apps/gateway/src/reporter.js');

/** The role that reads reports and nothing else. Roles belong to the whole server, so names are this file's own. */
describe('role journeyman_reporter', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let reporter: pg.Client;
  const made: string[] = [];
  const newName = (): string => {
    const name = `reader_${randomBytes(6).toString('hex')}`;
    made.push(name);
    return name;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    const login = await makeReporter(database.url, newName(), 2);
    reporter = new pg.Client({ connectionString: login.url });
    await reporter.connect();
  });

  afterAll(async () => {
    await reporter.end();
    for (const name of made) await owner.query(`drop role if exists ${name}`);
    await owner.end();
    await database.drop();
  });

  const refusal = (text: string, client = reporter): Promise<string | undefined> =>
    client.query(text).then(
      () => undefined,
      (error: { code?: string }) => error.code,
    );

  it('reads every view, and the function', async () => {
    const views = await owner.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'report'::regnamespace and relkind in ('v', 'm')",
    );
    expect(views.rows.length).toBeGreaterThan(15);
    for (const { name } of views.rows) await reporter.query(`table ${name}`);
    await reporter.query("select * from task_window(now() - interval '1 day', now())");
  });

  it('reads no table behind them', async () => {
    const tables = await owner.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    expect(tables.rows.length).toBeGreaterThan(15);
    for (const { name } of tables.rows)
      expect({ name, code: await refusal(`table public.${name}`) }).toEqual({ name, code: '42501' });
  });

  it.each([
    ['temporary tables', 'create temporary table t (n int)'],
    ['tables', 'create table public.t (n int)'],
    ['tables among the reports', 'create table report.t (n int)'],
    ['large objects', 'select lo_create(0)'],
    ['large objects with content', "select lo_from_bytea(0, 'x')"],
    ['files', "select pg_read_file('/etc/hostname')"],
    ['programs', "copy (select 1) to program 'true'"],
    ['a refresh', 'refresh materialized view report.task_daily_rollup'],
    ['the role of another', 'set role postgres'],
  ])('makes or runs no %s, even with its guard-rails off', async (_, text) => {
    await reporter.query('set default_transaction_read_only = off');
    expect(['42501', '22023']).toContain(await refusal(text));
  });

  it('has its guard-rails as a login', async () => {
    const fresh = await makeReporter(database.url, newName(), 3);
    const client = new pg.Client({ connectionString: fresh.url });
    await client.connect();
    try {
      for (const [name, value] of Object.entries(REPORTER_SETTINGS)) {
        const { rows } = await client.query<{ value: string }>('select current_setting($1) as value', [name]);
        expect({ name, value: rows[0]?.value }).toEqual({ name, value: value === '60s' ? '1min' : value });
      }
      const { rows } = await client.query(
        'select rolconnlimit, rolcanlogin, rolsuper, rolcreaterole from pg_roles where rolname = current_user',
      );
      expect(rows).toEqual([{ rolconnlimit: 3, rolcanlogin: true, rolsuper: false, rolcreaterole: false }]);
    } finally {
      await client.end();
    }
  });

  it('is a role that nobody logs in as', async () => {
    const { rows } = await owner.query('select rolcanlogin from pg_roles where rolname = $1', [REPORTER]);
    expect(rows).toEqual([{ rolcanlogin: false }]);
  });

  it('is secured by several at once, in several databases', async () => {
    const other = await createTestDatabase();
    const clients = [database, database, other, other].map(({ url }) => new pg.Client({ connectionString: url }));
    try {
      await Promise.all(clients.map((client) => client.connect()));
      await owner.query(`revoke select on report.tasks from ${REPORTER}`);
      await Promise.all(clients.map((client) => client.query(SECURE_REPORTS)));
      await reporter.query('select * from tasks');
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await other.drop();
    }
  });

  it('leaves PUBLIC its rights in a database that others use', async () => {
    const shared = await createTestDatabase();
    const neighbour = newName();
    const client = new pg.Client({ connectionString: shared.url });
    await client.connect();
    try {
      await client.query(`create role ${neighbour}; create schema theirs authorization ${neighbour}`);
      await client.query(SECURE_REPORTS);
      const { rows } = await client.query(
        `select has_database_privilege('${neighbour}', current_database(), 'temporary') as temporary`,
      );
      expect(rows).toEqual([{ temporary: true }]);
    } finally {
      await client.query(`drop owned by ${neighbour}`);
      await client.end();
      await shared.drop();
    }
  });

  it('does no harm where the database user may do nothing, and makes no login then', async () => {
    const weak = newName();
    await owner.query(`create role ${weak} login password 'weak'`);
    const url = new URL(database.url);
    [url.username, url.password] = [weak, 'weak'];
    const source = await new DataSource({
      type: 'postgres',
      url: url.toString(),
      installExtensions: false,
    }).initialize();
    try {
      await new ReportKeeper(source, { runsWork: false }).secure();
    } finally {
      await source.destroy();
    }
    await expect(makeReporter(url.toString(), newName(), 1)).rejects.toThrow(ReporterError);
  });

  it('is asked for by one command', async () => {
    const name = newName();
    const run = promisify(execFile);
    const environment = { PATH: process.env['PATH'] ?? '', DATABASE_URL: database.url };
    const { stdout } = await run(process.execPath, [COMMAND, name, '--connections', '1'], { env: environment });
    const url = /psql "([^"]+)"/.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`Login     ${name}`);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('table queue_now');
    await client.end();
    await expect(run(process.execPath, [COMMAND, name], { env: environment })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('already'),
    });
    await expect(run(process.execPath, [COMMAND, 'no"name'], { env: environment })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a name is'),
    });
  });
});
