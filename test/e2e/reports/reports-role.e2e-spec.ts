import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { REPORTER, REPORTER_SETTINGS, SECURE_REPORTS } from '../../../apps/gateway/src/reports/reporter-role.js';
import { ReportKeeper } from '../../../apps/gateway/src/reports/report-keeper.js';
import { makeReporter, ReporterError } from '../../../apps/gateway/src/reports/reporter-login.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const COMMAND = resolve(import.meta.dirname, '../../../dist/apps/gateway/src/reporter.js');

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
    ['advisory locks', 'select pg_advisory_lock(7260414001)'],
    ['advisory locks of other kinds', 'select pg_try_advisory_xact_lock_shared(1, 2)'],
    ['messages in the log of writes', "select pg_logical_emit_message(false, 'x', 'y')"],
    ['locks of jobs', "select from public.job_lock where name = 'books' for update"],
    ['the lock of migrations', 'begin; lock table public.schema_migration in share update exclusive mode'],
    ['more temporary files', 'set temp_file_limit = -1'],
    ['files', "select pg_read_file('/etc/hostname')"],
    ['programs', "copy (select 1) to program 'true'"],
    ['a refresh', 'refresh materialized view report.task_daily_rollup'],
    ['the role of another', 'set role postgres'],
  ])('makes or runs no %s, even with its guard-rails off', async (_, text) => {
    await reporter.query('set default_transaction_read_only = off');
    expect(['42501', '22023']).toContain(await refusal(text));
    await reporter.query('rollback');
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

  it('fills no disk with temporary files, whatever its session sets', async () => {
    const login = await makeReporter(database.url, newName(), 1);
    expect(login.hasFileLimit).toBe(true);
    // As it is for every login, but with a limit that is reached sooner.
    const client = new pg.Client({ connectionString: login.url });
    const limit = "select setting from pg_settings where name = 'temp_file_limit'";
    await client.connect();
    expect((await client.query(limit)).rows).toEqual([{ setting: String(1024 * 1024) }]);
    await client.end();
    await owner.query(`alter role ${login.name} set temp_file_limit = '1MB'`);
    const limited = new pg.Client({ connectionString: login.url });
    await limited.connect();
    await limited.query("set statement_timeout = 0; set work_mem = '64kB'");
    const sort = "select count(*) from (select repeat('x', 500) from generate_series(1, 100000) n order by n % 7) s";
    expect(await refusal('set temp_file_limit = -1', limited)).toBe('42501');
    expect(await refusal(sort, limited)).toBe('53400');
    await limited.end();
    // What an operator has set stays.
    await owner.query(SECURE_REPORTS);
    const { rows } = await owner.query<{ limited: boolean }>(
      "select 'temp_file_limit=1MB' = any(rolconfig) as limited from pg_roles where rolname = $1",
      [login.name],
    );
    expect(rows).toEqual([{ limited: true }]);
  });

  it('gets that limit from the next start, where a login was made by hand', async () => {
    const name = newName();
    await owner.query(`create role ${name} login in role ${REPORTER}`);
    await owner.query(SECURE_REPORTS);
    const { rows } = await owner.query('select rolconfig from pg_roles where rolname = $1', [name]);
    expect(rows).toEqual([{ rolconfig: ['temp_file_limit=1GB'] }]);
  });

  it('is ended when its transaction takes longer than it may, whatever its session has set away', async () => {
    const { url, name } = await makeReporter(database.url, newName(), 3);
    const open = async (text: string): Promise<{ client: pg.Client; end: Promise<unknown> }> => {
      const client = new pg.Client({ connectionString: url });
      const end = new Promise((resolve) => client.once('end', () => resolve(null)));
      client.on('error', () => undefined);
      await client.connect();
      await client.query(text);
      return { client, end };
    };
    const source = await new DataSource({ type: 'postgres', url: database.url, installExtensions: false }).initialize();
    const idle = await open('set idle_in_transaction_session_timeout = 0; begin; select from report.tasks limit 1');
    const busy = await open('set statement_timeout = 0');
    const quick = await open('select 1');
    const said = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    try {
      const asleep = refusal('select pg_sleep(600)', busy.client);
      const keeper = new ReportKeeper(source, { runsWork: true, timeoutMs: 500 });
      await until('the end of both', async () => {
        await keeper.endLong();
        await quick.client.query('select from report.tasks limit 1');
        return said.mock.calls.filter(([line]) => (line as { user: string }).user === name).length === 2 ? true : null;
      });
      expect(await asleep).toBe('57P01');
      await Promise.all([idle.end, busy.end]);
      await quick.client.query('select 1');
      await owner.query('select 1');
    } finally {
      jest.restoreAllMocks();
      await source.destroy();
      for (const { client } of [idle, busy, quick]) await client.end();
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
      await new ReportKeeper(source, { runsWork: false, timeoutMs: 0 }).secure();
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
