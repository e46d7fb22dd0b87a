import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { QUESTIONS, questionOf } from '../../../apps/gateway/src/reports/questions/catalogue.js';
import { ReportKeeper } from '../../../apps/gateway/src/reports/report-keeper.js';
import { REPORTER } from '../../../apps/gateway/src/reports/reporter-role.js';
import type { GivenValues } from '../../../apps/gateway/src/reports/sql/bound-sql.js';
import { Workbench, type SqlResult } from '../../../apps/gateway/src/reports/sql/workbench.js';
import { ReportLoad } from './reports-load.js';

const TEXT = readFileSync(join(import.meta.dirname, '../../../docs/reporting.md'), 'utf8');
/** Each SQL block of docs/reporting.md with the sentence above it. */
const BLOCKS = [...TEXT.matchAll(/([^\n]*)\n\n```sql\n(.*?)```/gs)].map(([, question = '', text = '']) => ({
  question,
  text,
}));
/** Answered by no row when all is well. */
const GOOD_NEWS = ['near_a_limit', 'stuck_tasks', 'waiting_by_mode', 'withheld'];

type Row = Record<string, unknown>;

describe('the questions', () => {
  let load: ReportLoad;
  let reader: pg.Client;
  let workbench: Workbench;

  beforeAll(async () => {
    load = await ReportLoad.start();
    // Some of it was yesterday, so that both the day report and the roll-up have something to say.
    await load.gateway.sql(
      `update task set submitted_at = submitted_at - interval '1 day' where id = any($1) or refused`,
      [[load.ids['failed'], load.ids['waited']]],
    );
    await load.gateway.app.get(ReportKeeper, { strict: false }).refresh();
    workbench = load.gateway.app.get(Workbench, { strict: false });
    reader = new pg.Client({ connectionString: load.gateway.databaseUrl });
    await reader.connect();
    await reader.query(`set role ${REPORTER}`);
  });

  afterAll(async () => {
    await reader.end();
    await load.close();
  });

  const ask = (name: string, given: GivenValues = {}): Promise<SqlResult> => {
    const question = questionOf(name);
    if (question === null) throw new Error(`no question ${name}`);
    return workbench.ask(question, given, { session: 'test', signal: new AbortController().signal });
  };
  const rowsOf = async (name: string, given: GivenValues = {}): Promise<Row[]> => {
    const { columns, rows } = await ask(name, given);
    return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]])));
  };
  const sumOf = (rows: readonly Row[], column: string): number =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0);
  const stored = async (text: string): Promise<number> => {
    const [row] = await load.gateway.sql<{ n: string | null }>(text);
    return Number(row?.n);
  };
  const twoDays = (): GivenValues => ({ from: Date.now() - 2 * 86_400_000 });

  it.each(QUESTIONS)('$name is answered, with the columns of its chart', async ({ name, parameters, chart }) => {
    const given: GivenValues = { task: load.ids['told'] ?? '', ...twoDays() };
    const taken = Object.entries(given).filter(([key]) => parameters.some((parameter) => parameter.name === key));
    const { columns, rows } = await ask(name, Object.fromEntries(taken));
    if (!GOOD_NEWS.includes(name)) expect(rows).not.toEqual([]);
    const names = columns.map((column) => column.name);
    expect(new Set(names).size).toBe(names.length);
    if (chart === null) return;
    expect(names).toEqual(expect.arrayContaining([chart.x, ...chart.series]));
    const typeOf = (column: string): string => columns.find((candidate) => candidate.name === column)?.type ?? '';
    expect(typeOf(chart.x)).toMatch(chart.kind === 'time' ? /^(date|timestamp)/ : /^text$/);
    for (const series of chart.series) expect(typeOf(series)).toMatch(/^(bigint|integer|numeric|double precision)/);
  });

  it.each(BLOCKS)('runs in psql: $question', async ({ text }) => {
    await reader.query(text.replace('$__timeFrom()', "now() - interval '2 days'").replace('$__timeTo()', 'now()'));
  });

  it('has words in two languages, and a name that fits into a URL', () => {
    expect(QUESTIONS.length).toBeGreaterThan(35);
    expect(new Set(QUESTIONS.map(({ name }) => name)).size).toBe(QUESTIONS.length);
    for (const { name, title, description } of QUESTIONS) {
      expect(name).toMatch(/^[a-z][a-z_]{1,40}$/);
      for (const { en, zh } of [title, description]) {
        expect(en).toMatch(/^[A-Z0-9].{3,}/);
        expect(zh).toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it('agrees with the tables about the past', async () => {
    const all = await stored('select count(*) as n from task');
    const cost = await stored('select sum(cost) as n from task');
    const failed = await stored("select count(*) as n from task where status = 'FAILURE' and not refused");
    const throughput = await rowsOf('throughput', twoDays());
    expect(sumOf(throughput, 'submitted')).toBe(all);
    for (const row of throughput) {
      const parts = ['succeeded', 'failed', 'cancelled', 'refused', 'still_open'];
      expect(parts.reduce((sum, part) => sum + Number(row[part]), 0)).toBe(Number(row['submitted']));
    }
    expect(sumOf(throughput, 'failed')).toBe(failed);
    expect(sumOf(await rowsOf('spend', twoDays()), 'spend')).toBeCloseTo(cost, 6);
    expect(sumOf(await rowsOf('spend_by_key'), 'spend')).toBeCloseTo(cost, 6);
    expect(sumOf(await rowsOf('key_totals'), 'submitted')).toBe(all);
    expect(sumOf(await rowsOf('key_usage'), 'submitted')).toBe(all);
    expect(sumOf(await rowsOf('failures_by_reason', twoDays()), 'failures')).toBe(failed);
    expect(sumOf(await rowsOf('failures_over_time', twoDays()), 'failed')).toBe(failed);
    expect(sumOf(await rowsOf('upstream_outcomes', twoDays()), 'submitted')).toBe(all);
    expect(sumOf(await rowsOf('hooks_by_day', twoDays()), 'hooks')).toBe(
      sumOf(await rowsOf('hook_delays', twoDays()), 'deliveries'),
    );
    expect(sumOf(await rowsOf('spend', { ...twoDays(), upstream: "no'body" }), 'spend')).toBe(0);
    expect(await rowsOf('task_count')).toMatchObject([{ tasks: String(all) }]);
    expect(await rowsOf('task_list', { rows: 3 })).toHaveLength(3);
  });

  it('agrees with the tables about now', async () => {
    const open = await stored('select count(*) as n from task where finished_at is null');
    const dead = await stored("select count(*) as n from hook_delivery where state = 'dead'");
    expect(await rowsOf('now')).toMatchObject([{ open_tasks: String(open), hooks_dead: String(dead) }]);
    expect(sumOf(await rowsOf('open_by_status'), 'tasks')).toBe(open);
    expect(await rowsOf('hooks_now')).toMatchObject([{ dead: String(dead) }]);
    expect(await rowsOf('dead_hooks')).toHaveLength(dead);
    expect(await rowsOf('upstreams_now')).toMatchObject([
      { upstream: 'default', running: await stored('select sum(running) as n from upstream_load') },
    ]);
    const receivers = (await rowsOf('receivers')).map((row) => row['url_host']);
    expect(receivers.sort()).toEqual([load.deaf, load.receiver].map(({ url }) => new URL(url).host).sort());
  });

  it('counts what a filter lets through, and nothing else', async () => {
    const limited = { key: 'limited', ...twoDays() };
    expect(await rowsOf('task_count', limited)).toMatchObject([
      {
        tasks: String(
          await stored(
            "select count(*) as n from task where api_key_id = (select id from api_key where name = 'limited')",
          ),
        ),
      },
    ]);
    expect(await rowsOf('task_count', { status: 'REFUSED' })).toMatchObject([
      { tasks: String(await stored('select count(*) as n from task where refused')) },
    ]);
    expect(await rowsOf('throughput', { ...twoDays(), upstream: "no'body" })).toEqual([]);
    expect(sumOf(await rowsOf('throughput', { ...limited, bucket: '1 day' }), 'submitted')).toBeGreaterThan(1);
  });

  it('tells of one task', async () => {
    const task = load.ids['told'] ?? '';
    const ledger = await rowsOf('task_ledger', { task });
    expect(sumOf(ledger, 'credits')).toBeCloseTo(-(await stored(`select cost as n from task where id = ${task}`)), 6);
    expect(await rowsOf('task_hooks', { task })).toHaveLength(
      await stored(`select count(*) as n from hook_attempt where task_id = ${task}`),
    );
    expect((await rowsOf('family', { task: load.ids['upscale'] ?? '' })).map(({ what }) => what)).toEqual([
      'IMAGINE',
      '  UPSCALE',
    ]);
  });

  it('answers with what happened', async () => {
    expect(await rowsOf('kept_charges')).toEqual([{ tasks: '0', credits: '0' }]);
    expect(await rowsOf('yesterday')).toMatchObject([{ submitted: '4', failed: '1', cancelled: '1', refused: '2' }]);
    expect((await rowsOf('failing_receivers')).map((row) => row['url_host'])).toEqual([new URL(load.deaf.url).host]);
  });
});
