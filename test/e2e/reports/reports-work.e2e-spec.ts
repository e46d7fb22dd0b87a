import { CANARIES, ReportLoad } from './reports-load.js';

type Row = Record<string, unknown>;

/** What is in work, who does it, who is told, and what no report may show. */
describe('reports of what runs', () => {
  let load: ReportLoad;
  const sql = <T extends Row = Row>(text: string, values: unknown[] = []): Promise<T[]> =>
    load.gateway.sql<T>(text, values);
  const one = async <T extends Row = Row>(text: string): Promise<T | undefined> => (await sql<T>(text))[0];

  beforeAll(async () => {
    load = await ReportLoad.start();
  });

  afterAll(() => load.close());

  it('queue_now: has what is still open; nothing is stuck until it is', async () => {
    expect(await sql('select status, mode, upstream, tasks::int, past_deadline::int from report.queue_now')).toEqual([
      { status: 'IN_PROGRESS', mode: 'FAST', upstream: 'default', tasks: 1, past_deadline: 0 },
    ]);
    expect(await sql('select * from report.stuck_tasks')).toEqual([]);
    await sql("update task set deadline_at = now() - interval '1 minute' where finished_at is null");
    const stuck = await sql<{ task_id: string }>(
      'select task_id, why, api_key from report.stuck_tasks where deadline_at < now()',
    );
    // The next poll ends it; before that it is stuck.
    expect([[], [{ task_id: load.ids['running'], why: 'past its deadline', api_key: 'default' }]]).toContainEqual(
      stuck,
    );
  });

  it('hooks: each task with a hook is one delivery, told or dead', async () => {
    const daily = await sql(
      'select url_host, api_key, deliveries::int, delivered::int, delivered_first_try::int as first, dead::int, pending::int, cancelled::int, delivered_ratio::float as ratio from report.hook_daily',
    );
    const [told, deaf] = [load.receiver, load.deaf].map(({ url }) => new URL(url).host);
    expect(daily).toHaveLength(2);
    expect(daily).toContainEqual({
      url_host: told,
      api_key: 'default',
      deliveries: 1,
      delivered: 1,
      first: 1,
      dead: 0,
      pending: 0,
      cancelled: 0,
      ratio: 1,
    });
    expect(daily).toContainEqual({
      url_host: deaf,
      api_key: 'default',
      deliveries: 1,
      delivered: 0,
      first: 0,
      dead: 1,
      pending: 0,
      cancelled: 0,
      ratio: 0,
    });
    expect(await one('select sum(attempts)::int as n from report.hook_daily')).toEqual(
      await one('select count(*)::int as n from hook_attempt'),
    );
    expect(
      await sql('select task_id, delivery_id, url_host, last_http_status, last_error from report.hook_dead_letters'),
    ).toEqual([
      {
        task_id: load.ids['untold'],
        delivery_id: load.ids['untold'],
        url_host: deaf,
        last_http_status: 500,
        last_error: 'status_5xx',
      },
    ]);
    const hosts = await sql(
      'select url_host, deliveries_7d::int as n, dead_7d::int as dead, pending::int from report.hook_hosts order by dead',
    );
    expect(hosts).toEqual([
      { url_host: told, n: 1, dead: 0, pending: 0 },
      { url_host: deaf, n: 1, dead: 1, pending: 0 },
    ]);
  });

  it('upstreams: classes of calls are all of them, slots are those of the gateway', async () => {
    await sql(`insert into upstream_call (at, upstream_id, operation, result, calls, total_ms, max_ms)
      select now(), id, operation, result, calls, calls * 20, 30 from upstream
      cross join (values ('seed', 'ok', 6), ('seed', 'timeout', 1), ('seed', 'status_5xx', 2), ('seed', 'reset', 1), ('seed', 'status_429', 1)) as c (operation, result, calls)`);
    expect(
      await sql(
        'select upstream from report.upstream_daily where calls <> ok + http_errors + timeouts + rejected_by_circuit + throttled',
      ),
    ).toEqual([]);
    expect(
      await sql(
        "select calls::int, ok::int, http_errors::int as errors, timeouts::int, throttled::int, p50_ms::float from report.upstream_daily where operation = 'seed'",
      ),
    ).toEqual([{ calls: 11, ok: 6, errors: 3, timeouts: 1, throttled: 1, p50_ms: 20 }]);
    expect(await one('select sum(calls)::int as n from report.upstream_daily')).toEqual(
      await one('select sum(calls)::int as n from upstream_call'),
    );
    const [now] = await sql(
      'select upstream, enabled, circuit_state, max_concurrency - running as free, free_slots from report.upstream_now',
    );
    expect(now).toMatchObject({ upstream: 'default', enabled: true, circuit_state: 'closed' });
    expect(now?.['free']).toBe(now?.['free_slots']);
  });

  it('task_timeline: has every event, move and try, and ends in what comes next', async () => {
    expect(
      await sql(`
      select task_id, count(*) filter (where track = 'task') as events, sum(credits) as credits, count(*) filter (where track = 'hook') as tries
      from report.task_timeline group by task_id
      having count(*) filter (where track = 'task') <> (select count(*) from task_event e where e.task_id = task_timeline.task_id)
        or coalesce(sum(credits), 0) <> (select coalesce(sum(amount), 0) from ledger l where l.task_id = task_timeline.task_id)
        or count(*) filter (where track = 'hook') <> (select count(*) from hook_attempt a where a.task_id = task_timeline.task_id)
        or (array_agg(track order by position desc))[1] <> 'next'`),
    ).toEqual([]);
    const lines = await sql('select track, what from report.task_timeline where task_id = $1 order by position', [
      load.ids['told'],
    ]);
    expect(lines.map(({ track, what }) => `${String(track)} ${String(what)}`)).toEqual(
      expect.arrayContaining([
        'task opened',
        'ledger hold',
        'task accepted',
        'task succeeded',
        'hook delivered',
        'upstream last answer',
        'next nothing',
      ]),
    );
    const [root] = await sql('select root_task_id from report.tasks where task_id = $1', [load.ids['upscale']]);
    expect(root).toEqual({ root_task_id: load.ids['told'] });
  });

  it('shows no prompt, hook path, address, hash or secret anywhere', async () => {
    const secrets = await sql<{ secret: string }>(`
      select encode(key_hash, 'hex') as secret from api_key union all select upstream_task_id from task where upstream_task_id is not null
      union all select encode(secret, 'hex') from upstream where secret is not null union all select encode(secret, 'hex') from webhook_secret`);
    const forbidden = [
      ...Object.values(CANARIES),
      'canary',
      load.gateway.key,
      load.limitedKey,
      `:${new URL(load.upstream.url).port}`,
      `:${new URL(load.gateway.url).port}`,
      ...secrets.map(({ secret }) => secret),
    ];
    // Each of them is stored somewhere, or the search below would prove nothing.
    const [stored] = await sql<{ text: string }>(`
      select concat((select string_agg(t::text, ' ') from task t), (select string_agg(d::text, ' ') from hook_delivery d),
        (select string_agg(k::text, ' ') from api_key k), (select string_agg(u::text, ' ') from upstream u),
        (select string_agg(e::text, ' ') from task_event e)) as text`);
    for (const name of ['prompt', 'hookPath', 'bannedWord', 'picture', 'addressRange'] as const)
      expect(stored?.text).toContain(CANARIES[name]);
    const views = await sql<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'report'::regnamespace and relkind in ('v', 'm')",
    );
    const sources = [
      ...views.map(({ name }) => `report.${name}`),
      "report.task_window(now() - interval '30 days', now())",
    ];
    for (const source of sources) {
      const [found] = await sql<{ text: string | null }>(`select string_agg(r::text, e'\\n') as text from ${source} r`);
      for (const secret of forbidden)
        expect({ source, hasIt: found?.text?.includes(secret) ?? false, secret }).toEqual({
          source,
          hasIt: false,
          secret,
        });
    }
  });
});
