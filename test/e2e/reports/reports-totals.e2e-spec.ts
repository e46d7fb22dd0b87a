import { ReportLoad } from './reports-load.js';

type Row = Record<string, unknown>;

const DIMENSIONS = 'day, action, mode, upstream, api_key';

/** Every view says the same of the same tasks, and what the HTTP API and the ledger say. */
describe('reports add up', () => {
  let load: ReportLoad;
  const sql = <T extends Row = Row>(text: string, values: unknown[] = []): Promise<T[]> =>
    load.gateway.sql<T>(text, values);
  const one = async <T extends Row = Row>(text: string): Promise<T | undefined> => (await sql<T>(text))[0];

  beforeAll(async () => {
    load = await ReportLoad.start();
  });

  afterAll(() => load.close());

  it('tasks: shows each task as its client sees it, and refused ones as refused', async () => {
    const rows = await sql<{ task_id: string; status: string; net: number; progress_pct: number; api_key: string }>(
      'select task_id, status, net_amount::float as net, progress_pct, api_key from report.tasks',
    );
    const shown = rows.filter(({ status }) => status !== 'REFUSED');
    expect(rows.length - shown.length).toBe(2);
    expect(shown.map(({ task_id }) => task_id).sort()).toEqual([...new Set(Object.values(load.ids))].sort());
    for (const row of shown) {
      const key = row.api_key === 'limited' ? load.limitedKey : load.gateway.key;
      const view = await load.view(row.task_id, key);
      expect({ status: row.status, cost: row.net, progress: `${row.progress_pct}%` }).toEqual({
        status: view.status,
        cost: view.cost,
        progress: view.progress,
      });
    }
    expect(load.ids['repeat']).toBe(load.ids['upscale']);
  });

  it('tasks: charge, refund and net are those of the ledger, windows included', async () => {
    expect(
      await sql(
        `
        select t.task_id from report.tasks t left join ledger l using (task_id) group by t.task_id, charge_amount, refund_amount, net_amount
        having charge_amount <> coalesce(-sum(amount) filter (where kind = 'hold'), 0)
          or refund_amount <> coalesce(sum(amount) filter (where kind = 'refund'), 0)
          or net_amount <> coalesce(-sum(amount), 0)`,
      ),
    ).toEqual([]);
    const [window] = await sql(
      'select charge_amount::float as c, refund_amount::float as r from report.tasks where task_id = $1',
      [load.ids['confirmed']],
    );
    expect(window).toEqual({ c: 0.3, r: 0.2 });
  });

  it('task_daily: is the sum of tasks, and its parts are its whole', async () => {
    const day = await one(`
      select sum(submitted)::int as submitted, sum(succeeded)::int as succeeded, sum(failed)::int as failed,
        sum(cancelled)::int as cancelled, sum(refused)::int as refused, sum(still_open)::int as still_open,
        sum(images)::int as images, sum(charged)::float as charged, sum(refunded)::float as refunded, sum(spend)::float as spend
      from report.task_daily`);
    expect(day).toMatchObject({ submitted: 12, succeeded: 6, failed: 1, cancelled: 2, refused: 2, still_open: 1 });
    expect(day).toEqual(
      await one(`
        select count(*)::int as submitted, count(*) filter (where status = 'SUCCESS')::int as succeeded,
          count(*) filter (where status = 'FAILURE' and not refused)::int as failed,
          count(*) filter (where status = 'CANCEL')::int as cancelled, count(*) filter (where refused)::int as refused,
          count(*) filter (where finished_at is null)::int as still_open,
          (select count(*)::int from asset where state = 'kept') as images,
          (select -sum(amount)::float from ledger where kind = 'hold') as charged,
          (select sum(amount)::float from ledger where kind = 'refund') as refunded,
          (select -sum(amount)::float from ledger where kind in ('hold', 'refund')) as spend
        from task`),
    );
  });

  it('task_daily: percentiles are those of its tasks', async () => {
    expect(
      await sql(`
        select ${DIMENSIONS} from report.task_daily d
        where row(queue_p50_seconds, run_p95_seconds, total_p95_seconds) is distinct from (
          select row(round(percentile_cont(0.5) within group (order by extract(epoch from t.started_at - t.submitted_at))::numeric, 3),
            round(percentile_cont(0.95) within group (order by extract(epoch from t.finished_at - t.started_at))::numeric, 3),
            round(percentile_cont(0.95) within group (order by extract(epoch from t.finished_at - t.submitted_at))::numeric, 3))
          from report.tasks t where t.action = d.action and t.mode = d.mode and t.api_key = d.api_key
            and coalesce(t.upstream, '(none)') = d.upstream)`),
    ).toEqual([]);
  });

  it.each([
    [
      'task_window, by the hour',
      `select sum(submitted)::int, sum(succeeded)::int, sum(failed)::int, sum(refused)::int, sum(spend)::float
       from report.task_window(now() - interval '2 days', now() + interval '1 hour', '1 hour', 'Asia/Kolkata')`,
    ],
    [
      'task_window, by the month',
      `select sum(submitted)::int, sum(succeeded)::int, sum(failed)::int, sum(refused)::int, sum(spend)::float
       from report.task_window(now() - interval '2 days', now() + interval '1 hour', '3 months')`,
    ],
    [
      'api_key_daily',
      `select sum(submitted)::int, sum(succeeded)::int, sum(failed)::int, sum(refused)::int, sum(spend)::float
       from report.api_key_daily`,
    ],
  ])('%s: has the totals of task_daily', async (_, text) => {
    const [found] = await sql(
      `select row_to_json(t)::text as totals from (${text}) as t (submitted, succeeded, failed, refused, spend)`,
    );
    const [expected] = await sql(`
      select row_to_json(t)::text as totals from (select sum(submitted)::int, sum(succeeded)::int, sum(failed)::int, sum(refused)::int,
        sum(spend)::float from report.task_daily) as t (submitted, succeeded, failed, refused, spend)`);
    expect(found).toEqual(expected);
  });

  it('spend_monthly: has the tasks and credits of task_daily, beside the limit', async () => {
    expect(
      await one(
        'select sum(tasks)::int as n, sum(charged)::text as c, sum(refunded)::text as r, sum(spend)::text as s from report.spend_monthly',
      ),
    ).toEqual(
      await one(
        'select sum(submitted)::int as n, sum(charged)::text as c, sum(refunded)::text as r, sum(spend)::text as s from report.task_daily',
      ),
    );
    expect(
      await sql(
        "select sum(spend)::float as spend, max(monthly_spend_limit)::float as most from report.spend_monthly where api_key = 'limited'",
      ),
    ).toEqual([{ spend: 0.2, most: 10 }]);
  });

  it('api_key_daily: what a limited key has spent is its balance, and refused tasks use up no limit', async () => {
    expect(
      await sql(
        "select submitted::int, spend::float, key_status, daily_task_limit, daily_limit_used_ratio::float as used from report.api_key_daily where api_key = 'limited'",
      ),
    ).toEqual([{ submitted: 2, spend: 0.2, key_status: 'active', daily_task_limit: 8, used: 0.25 }]);
    const [account] = await sql(
      "select balance::float from account a join api_key k on k.id = a.api_key_id where k.name = 'limited'",
    );
    expect(account).toEqual({ balance: 0.05 });
  });

  it('failure_reasons_daily: is failed of task_daily, with words that do not quote the prompt', async () => {
    expect(
      await sql(
        'select fail_code, failures::int, api_keys_affected::int as keys, refunded::float, sample_reason from report.failure_reasons_daily',
      ),
    ).toEqual([
      { fail_code: 'upstream_failed', failures: 1, keys: 1, refunded: 0.1, sample_reason: 'could not draw [prompt]' },
    ]);
  });

  it('sla_daily: measures what has succeeded or failed', async () => {
    expect(
      await sql(
        'select mode, measured::int, within_target::int, attained_ratio::float, error_budget_burn::float from report.sla_daily',
      ),
    ).toEqual([{ mode: 'FAST', measured: 7, within_target: 6, attained_ratio: 0.8571, error_budget_burn: 2.8571 }]);
  });
});
