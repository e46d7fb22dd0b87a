import pg from 'pg';
import type {
  DictionaryDto,
  QuestionListDto,
  SqlResultDto,
} from '../../../apps/gateway/src/admin/sql/admin-sql.dto.js';
import { ADMIN_KEY, expectProblem, type AdminAnswer, type Wire } from '../../support/admin-client.js';
import { until } from '../../support/until.js';
import { useGateway } from '../../support/use-gateway.js';

/** Questions and free SQL over HTTP, as Studio asks them. */
describe('the workbench', () => {
  const { gateway, admin } = useGateway({ environment: { ADMIN_KEY } });

  let role = '';

  const run = (sql: string, more: object = {}): Promise<AdminAnswer<Wire<SqlResultDto>>> =>
    admin.post<SqlResultDto>('/sql/run', { sql, ...more });
  const mistakeOf = async (sql: string, more: object = {}): Promise<{ message: string; position?: number }> => {
    const answer = await run(sql, more);
    expectProblem(answer, 400, 'field_is_invalid', ['sql']);
    const [error] = (answer.json as unknown as { errors: [{ message: string; position?: number }] }).errors;
    return error;
  };

  beforeAll(async () => {
    const [own] = await gateway.sql<{ name: string }>(
      "select 'journeyman_sql_' || oid as name from pg_database where datname = current_database()",
    );
    role = own?.name ?? '';
    await gateway.sql(`
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, submitted_at)
      select n, (select min(id) from api_key), 'IMAGINE', 'FAST', 'MID_JOURNEY', 'NOT_START', 'http://x', now() - n * interval '1 minute'
      from generate_series(1, 3000) as n`);
  });

  afterAll(async () => {
    // Roles belong to the whole server.
    const server = new pg.Client({ connectionString: process.env['TEST_POSTGRES_URL'] ?? '' });
    await server.connect();
    await server.query(`drop role if exists ${role}`);
    await server.end();
  });

  it('lists questions in two languages', async () => {
    const { status, json } = await admin.get<QuestionListDto>('/questions');
    expect(status).toBe(200);
    expect(json.items.length).toBeGreaterThan(5);
    for (const { title, description } of json.items) {
      expect(title.zh).toMatch(/\p{Script=Han}/u);
      expect(description.zh).toMatch(/\p{Script=Han}/u);
    }
  });

  it('answers a question', async () => {
    const { status, json } = await admin.post<SqlResultDto>('/questions/open_by_status/run', {});
    expect(status).toBe(200);
    expect(json).toMatchObject({
      rows: [['NOT_START', '3000', expect.any(String), '0']],
      rowCount: 1,
      truncated: false,
    });
    expect(json.columns[0]).toEqual({ name: 'status', type: 'text' });
    expectProblem(await admin.post('/questions/nothing/run', {}), 404, 'not_found');
    expectProblem(
      await admin.post('/questions/newest_failures/run', { parameters: { from: 'noon' } }),
      400,
      'field_is_invalid',
      ['parameters'],
    );
    expectProblem(await admin.post('/questions/now/run', { parameters: [] }), 400, 'field_is_invalid', ['parameters']);
  });

  it('runs a query with parameters, and shows it as it was run', async () => {
    const { json } = await run(
      'select status, count(*)::int as n, now() as at, null as nothing, 1.50 as price, array[1, 2] as list from tasks where submitted_at > :from and mode = :mode group by 1;',
      {
        parameters: { from: Date.UTC(2000, 0, 1), mode: 'FAST' },
      },
    );
    expect(json.columns.map(({ type }) => type)).toEqual([
      'text',
      'integer',
      'timestamp with time zone',
      'text',
      'numeric',
      'integer[]',
    ]);
    expect(json.rows).toEqual([
      ['NOT_START', 3_000, expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), null, '1.50', '{1,2}'],
    ]);
    expect(json.sql).toMatch(/submitted_at > '\d{4}-\d\d-\d\dT[\d:.]+Z'::timestamptz and mode = 'FAST'::text group/);
  });

  it('ends at the limit of rows, however many there are', async () => {
    const { json } = await run('select generate_series(1, 2000000000)');
    expect(json).toMatchObject({ rowCount: 1_000, truncated: true });
    expect((await run('select task_id from tasks limit 1000')).json).toMatchObject({
      rowCount: 1_000,
      truncated: false,
    });
    const wide = await run("select repeat('x', 100000) as x from generate_series(1, 100)");
    expect(wide.json.rows[0]).toEqual([`${'x'.repeat(4_000)}…`]);
    expect(await mistakeOf("select repeat('x', 400000000)")).toMatchObject({
      message: expect.stringMatching(/too large/),
    });
    expect((await run('select 1 as one')).json.rows).toEqual([[1]]);
  });

  it('shows a plan', async () => {
    const { json } = await run('select count(*) from tasks where task_id = :task', { explain: true });
    expect(json.columns).toEqual([{ name: 'QUERY PLAN', type: 'text' }]);
    expect(json.rows.flat().join('\n')).toMatch(/Aggregate/);
  });

  it('tells where a mistake is', async () => {
    expect(await mistakeOf('select nothing from tasks')).toEqual({
      field: 'sql',
      message: 'column "nothing" does not exist',
      position: 8,
    });
    expect(await mistakeOf('select 1 where :from > now() and nothing')).toMatchObject({ position: 34 });
    expect(await mistakeOf('select nothing', { explain: true })).toMatchObject({ position: 8 });
    expect(await mistakeOf('select :what')).toMatchObject({ message: 'the parameter :what has no value', position: 8 });
    expect(await mistakeOf('select $1')).toMatchObject({ position: 8 });
    expect(await mistakeOf('select 1; select 2')).toMatchObject({ message: 'only one statement at a time' });
    expectProblem(await run(''), 400, 'field_is_invalid', ['sql']);
  });

  it.each([
    ['the role', "select set_config('role', 'none', false), (select count(*) from public.task)"],
    ['another session', "select set_config('session_authorization', 'postgres', false)"],
    ['the role, from within', "select query_to_xml('set role postgres', true, true, '')"],
    ['tables', 'select * from public.api_key'],
    ['tables, from within', "select query_to_xml('select * from public.api_key', true, true, '')"],
    ['a write', "update public.task set status = 'x'"],
    ['a write in a with', 'with gone as (delete from report.tasks returning 1) select * from gone'],
    ['a temporary table', 'create temp table t (n int)'],
    ['a temporary table, from within', "select query_to_xml('create temp table t (n int)', true, true, '')"],
    ['a program', "copy (select 1) to program 'id'"],
    ['a file', "select pg_read_file('/etc/passwd')"],
    ['a folder', "select pg_ls_dir('/')"],
    ['a large object', "select lo_from_bytea(0, 'x')"],
    ['an imported file', "select lo_import('/etc/passwd')"],
    ['an advisory lock', 'select pg_advisory_lock(1)'],
    ['a listener', 'listen x'],
    ['a time limit', 'set statement_timeout = 0'],
    ['a prepared statement', 'prepare p as select 1'],
    ['an end of the transaction', 'commit'],
    ['a block', 'do $$ begin loop end loop; end $$'],
    ['passwords', 'select * from pg_authid'],
    ['a write by its plan', 'analyze delete from report.tasks'],
  ])('refuses %s', async (_, sql) => {
    await mistakeOf(sql);
    await mistakeOf(sql, { explain: true }).catch(() => undefined);
  });

  it('leaves nothing behind for the next', async () => {
    await run(
      "select set_config('statement_timeout', '0', false), set_config('search_path', 'pg_catalog', false), set_config('work_mem', '1GB', false)",
    );
    for (let turn = 0; turn < 3; turn += 1) {
      const { json } = await run(
        "select current_setting('statement_timeout'), current_setting('search_path'), current_user = session_user, count(*) from pg_prepared_statements",
      );
      expect(json.rows).toEqual([['20s', 'report', true, '0']]);
    }
  });

  it('cancels what its caller has left', async () => {
    const running = async (): Promise<number> => {
      const rows = await gateway.sql(
        "select from pg_stat_activity where application_name = 'journeyman-sql' and wait_event = 'PgSleep' and datname = current_database()",
      );
      return rows.length;
    };
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/admin/sql/run`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ sql: 'select pg_sleep(19)' }),
      signal: leaving.signal,
    }).catch(() => undefined);
    await until('the query to run', async () => ((await running()) === 1 ? true : null));
    leaving.abort();
    await asked;
    await until('the query to end', async () => ((await running()) === 0 ? true : null));
    expect((await run('select 1 as one')).status).toBe(200);
  });

  it('lets few run and wait, and clients notice nothing', async () => {
    const leaving = new AbortController();
    const ask = (): Promise<number> =>
      fetch(`${gateway.url}/admin/sql/run`, {
        method: 'POST',
        headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ sql: 'select pg_sleep(19)' }),
        signal: leaving.signal,
      }).then(
        (answer) => {
          if (answer.status === 429) expect(answer.headers.get('retry-after')).toBe('2');
          return answer.status;
        },
        () => 0,
      );
    const answers = Array.from({ length: 50 }, ask);
    let refused = 0;
    for (const answer of answers) void answer.then((status) => (refused += status === 429 ? 1 : 0));
    await until('the others to be refused', async () => Promise.resolve(refused === 44 ? true : null));
    expect((await gateway.get('/mj/task/list')).status).toBe(200);
    expect((await admin.post('/questions/now/run', {})).status).toBe(200);
    leaving.abort();
    await Promise.all(answers);
    await until('a free place', async () => ((await run('select 1 as one')).status === 200 ? true : null));
  });

  it('shows what can be read', async () => {
    const { json } = await admin.get<DictionaryDto>('/sql/dictionary');
    expect(json.views.map(({ name }) => name)).toEqual(expect.arrayContaining(['tasks', 'task_window', 'hooks_now']));
    expect(
      json.views.every(({ comment, columns }) => comment !== '' && columns.every((column) => column.comment !== '')),
    ).toBe(true);
  });
});
