import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { CreateReports1795000000008 } from '../../../apps/gateway/src/migrations/1795000000008-create-reports.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

/** Public API: a change of this file belongs into CHANGELOG.md. */
const RECORDED = join(import.meta.dirname, 'report-columns.json');

describe('schema report', () => {
  let database: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  const rows = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> => (await client.query<T>(text)).rows;

  it('has the recorded columns and types', async () => {
    const found = await rows<{ view: string; columns: Record<string, string> }>(`
      select view_name as view, json_object_agg(column_name, data_type order by position) as columns
      from report.data_dictionary group by view_name order by view_name collate "C"`);
    const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Record<string, Record<string, string>>;
    expect(JSON.stringify(Object.fromEntries(found.map(({ view, columns }) => [view, columns])), null, 2)).toBe(
      JSON.stringify(recorded, null, 2),
    );
  });

  it('names every recorded view in the changelog', () => {
    const changelog = readFileSync(join(import.meta.dirname, '../../../CHANGELOG.md'), 'utf8');
    const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Record<string, unknown>;
    expect(Object.keys(recorded).filter((view) => !new RegExp(`\`${view}[\`(]`).test(changelog))).toEqual([]);
  });

  it('explains itself: schema, views, function, columns', async () => {
    const silent = await rows(`
      select 'schema' as what, nspname as name from pg_namespace where nspname = 'report' and obj_description(oid, 'pg_namespace') is null
      union all
      select 'relation', relname from pg_class
      where relnamespace = 'report'::regnamespace and relkind <> 'i'
        and coalesce(obj_description(oid, 'pg_class'), obj_description(reltype, 'pg_type')) is null
      union all
      select 'function', proname from pg_proc where pronamespace = 'report'::regnamespace and obj_description(oid, 'pg_proc') is null
      union all
      select 'column', view_name || '.' || column_name from report.data_dictionary
      where column_comment is null or view_comment is null`);
    expect(silent).toEqual([]);
  });

  it('lists every column of every view and function in data_dictionary', async () => {
    const [count] = await rows<{ listed: number; there: number }>(`
      select (select count(*)::int from report.data_dictionary) as listed,
        (select count(*)::int from pg_attribute a join pg_class c on c.oid = a.attrelid
          where c.relnamespace = 'report'::regnamespace and c.relkind in ('v', 'm', 'c') and attnum > 0 and not attisdropped) as there`);
    expect(count?.listed).toBe(count?.there);
    expect(
      await rows("select column_name from report.data_dictionary where view_name = 'task_window' and position = 1"),
    ).toEqual([{ column_name: 'bucket' }]);
  });

  it('has no time without a zone', async () => {
    expect(
      await rows(
        "select view_name, column_name from report.data_dictionary where data_type ~ '^time' and data_type <> 'timestamp with time zone'",
      ),
    ).toEqual([]);
  });

  it('keeps keys of one name, and an upstream that took over a name, apart', async () => {
    await client.query(`
      insert into api_key (name, prefix, key_hash) values ('twin', 'a', sha256('a')), ('twin', 'b', sha256('b'));
      insert into upstream (name, base_url, enabled, retired_at) values ('main', 'http://old', false, now());
      insert into upstream (name, base_url) values ('main', 'http://new');
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, upstream_id)
      select row_number() over (), k.id, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'NOT_START', 'http://x', u.id from api_key k, upstream u`);
    const groups = await rows(
      'select api_key, upstream, submitted::int from report.task_daily order by api_key, upstream',
    );
    expect(groups.map((group) => JSON.stringify(group).replaceAll(/#\d+/g, '#n'))).toEqual(
      ['twin', 'twin #n'].flatMap((api_key) =>
        ['main', 'main #n'].map((upstream) => JSON.stringify({ api_key, upstream, submitted: 1 })),
      ),
    );
    expect(await rows('select api_key, submitted::int from report.api_key_daily')).toHaveLength(2);
    await client.query("update upstream set kind = 'legnext' where retired_at is null");
    expect(await rows('select distinct upstream_kind from report.tasks order by 1')).toEqual([
      { upstream_kind: 'legnext' },
      { upstream_kind: 'midjourney-proxy' },
    ]);
    expect(await rows("select distinct upstream_kind from report.queue_now where upstream = 'main'")).toEqual([
      { upstream_kind: 'legnext' },
    ]);
  });

  it.each([
    // The hour that the end of summer time repeats stays two hours.
    ['1 hour', ['2026-10-25 00:00:00+00', '2026-10-25 01:00:00+00', '2026-10-25 02:00:00+00']],
    ['1 day', ['2026-10-24 22:00:00+00']],
    ['7 days', ['2026-10-18 22:00:00+00']],
    ['3 months', ['2026-09-30 22:00:00+00']],
  ])('cuts time in Europe/Berlin into spans of %s', async (bucket, expected) => {
    await client.query(`
      delete from task;
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at)
      select extract(epoch from at)::bigint, (select min(id) from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'NOT_START', 'http://x', at
      from unnest(array['2026-10-25 00:30Z', '2026-10-25 01:30Z', '2026-10-25 02:30Z']::timestamptz[]) as at`);
    const found = await rows<{ bucket: string }>(`
      select distinct to_char(bucket at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00"') as bucket
      from report.task_window('2026-10-24Z', '2026-10-27Z', '${bucket}', 'Europe/Berlin') order by 1`);
    expect(found.map((row) => row.bucket)).toEqual(expected);
  });

  it('finds a day, a key and an unfinished task by an index', async () => {
    await client.query(`
      delete from task;
      insert into task (id, api_key_id, action, mode, bot_type, status, progress, finished_at, base_url, submitted_at)
      select n, (select min(id) from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUCCESS', 100, now(), 'http://x', now() - n * interval '10 minutes'
      from generate_series(1, 20000) as n;
      analyze task`);
    const planOf = async (query: string): Promise<string> =>
      JSON.stringify(await rows(`explain (format json) ${query}`));
    /** Tables that are read from end to end, those of a few rows left out. */
    const scansOf = async (query: string): Promise<string[]> =>
      [...(await planOf(query)).matchAll(/"Seq Scan".*?"Relation Name": ?"(\w+)"/g)]
        .map(([, table = '']) => table)
        .filter((table) => !['upstream', 'api_key'].includes(table));
    const yesterday = "(now() at time zone 'UTC')::date - 1";
    for (const view of ['task_daily', 'failure_reasons_daily', 'api_key_daily', 'sla_daily'])
      expect(await planOf(`select * from report.${view} where day = ${yesterday}`)).toContain('"task_day"');
    expect(await planOf("select * from report.tasks where submitted_at > now() - interval '1 hour'")).toContain(
      '"task_submitted"',
    );
    for (const view of ['queue_now', 'stuck_tasks'])
      expect(await scansOf(`select * from report.${view}`)).not.toContain('task');
    expect(await scansOf('select * from report.task_timeline where task_id = 7')).toEqual([]);
  });

  it('is gone after a downgrade, with its indexes, and comes back', async () => {
    const [before] = await rows("select count(*)::int as n from pg_class where relkind = 'i'");
    const runner = { query: (text: string) => client.query(text) } as unknown as Parameters<
      CreateReports1795000000008['up']
    >[0];
    await new CreateReports1795000000008().down(runner);
    expect(await rows("select to_regnamespace('report') as report, to_regclass('task_day') as index")).toEqual([
      { report: null, index: null },
    ]);
    await new CreateReports1795000000008().up(runner);
    expect(await rows("select count(*)::int as n from pg_class where relkind = 'i'")).toEqual([before]);
  });
});
