import pg from 'pg';
import { DataSource } from 'typeorm';
import { ReportKeeper } from '../../../apps/gateway/src/reports/report-keeper.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const ORDER = 'day, action, mode, upstream, api_key';

/** The stored view of finished days. */
describe('report.task_daily_rollup', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let source: DataSource;
  let keeper: ReportKeeper;

  beforeEach(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    source = await new DataSource({ type: 'postgres', url: database.url, installExtensions: false }).initialize();
    keeper = new ReportKeeper(source, { runsWork: true, timeoutMs: 0 });
    await client.query(`
      insert into api_key (name, prefix, key_hash) values ('k', 'k', sha256('k'));
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at)
      select n, (select id from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'NOT_START', 'http://x', now() - n / 3 * interval '1 day'
      from generate_series(0, 9) as n`);
  });

  afterEach(async () => {
    await source.destroy();
    await client.end();
    await database.drop();
  });

  const stored = async (): Promise<object[]> =>
    (await client.query<object>(`select * from report.task_daily_rollup order by ${ORDER}`)).rows;

  it('has finished days as task_daily has them, and not today', async () => {
    expect(await stored()).toEqual([]);
    await keeper.tick();
    const { rows } = await client.query<{ submitted: string }>(
      `select * from report.task_daily where day < (now() at time zone 'UTC')::date order by ${ORDER}`,
    );
    expect(rows.map(({ submitted }) => Number(submitted))).toEqual([1, 3, 3]);
    expect(await stored()).toEqual(rows);
    await client.query(
      `update task set status = 'CANCEL', fail_code = 'cancelled', progress = 100, finished_at = now()`,
    );
    expect(await keeper.refresh()).toBe('refreshed');
    expect((await stored()).map((row) => (row as { cancelled: string }).cancelled)).toEqual(['1', '3', '3']);
  });

  it('is left to the replica that is at it', async () => {
    await client.query("begin; select from job_lock where name = 'reports_refresh' for update");
    expect(await keeper.refresh()).toBe('busy');
    await client.query('rollback');
    expect(await keeper.refresh()).toBe('refreshed');
  });

  it('is refreshed by processes that do background work only', async () => {
    await new ReportKeeper(source, { runsWork: false, timeoutMs: 0 }).tick();
    expect(await stored()).toEqual([]);
  });

  it('does not hold up a shutdown', async () => {
    await client.query('begin; refresh materialized view concurrently report.task_daily_rollup');
    const running = keeper.refresh();
    await until('the refresh to wait for the other', async () => {
      const waiting = await source.query<object[]>(
        "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'refresh%' and datname = current_database()",
      );
      return waiting[0];
    });
    await keeper.onModuleDestroy();
    expect(await running).toBe('stopped');
    await keeper.beforeApplicationShutdown();
    await client.query('rollback');
  });
});
