import type { Client } from 'pg';
import { valuesOf } from '../../../libs/database/src/index.js';
import type { Row } from '../bench.js';
import { bound, median, type Figure } from '../figures.js';
import { CLAIM_POLLS } from '../../../libs/tracking/src/store/claims/claim-polls.js';
import { LIST_OWN, SCAN_LIMIT } from '../../../libs/tracking/src/store/reads/page.js';
import { FIND_PUBLIC } from '../../../libs/tracking/src/store/reads/public-task.js';
import { indexesOf, scansWholeTable, type Plan } from '../plans.js';
import { installSeeded, type Seeded } from '../seeded.js';

const TASKS = 1_000_000;
const QUICK_TASKS = 100_000;
const TIMES = 15;
const PAGE = 51;

interface Question {
  what: string;
  text: string;
  values: unknown[];
  atMost: number;
  /** One of these must be used. */
  indexes: readonly string[];
}

/** Statements among a million tasks: what they take, and that they go along the index that is meant for them. */
export const SQL: Row = {
  name: 'sql',
  run: async (bench) => {
    const { url: upstreamUrl } = await bench.start('children/upstream-main');
    const tasks = bench.size.share < 1 ? QUICK_TASKS : TASKS;
    const seeded = await installSeeded(bench, tasks, upstreamUrl);
    // As the gateway's own connections.
    await seeded.sql.query('set enable_seqscan = off; set enable_incremental_sort = off; set jit = off');
    const figures: Figure[] = [];
    for (const question of await questionsOf(seeded)) figures.push(await ask(seeded.sql, tasks, question));
    return figures;
  },
};

async function questionsOf({ sql, ids, keyId }: Seeded): Promise<Question[]> {
  const { rows } = await sql.query<{ up: string; day: string; has_report: boolean }>(
    `select (select upstream_id from task_poll group by 1 order by count(*) desc limit 1) as up,
      ((now() at time zone 'utc')::date - 3)::text as day, to_regclass('report.task_daily') is not null as has_report`,
  );
  const { up = '', day = '', has_report: hasReport = false } = rows[0] ?? {};
  const largest = '9223372036854775807';
  const questions: Question[] = [
    {
      what: 'a task by id',
      text: FIND_PUBLIC.text,
      values: valuesOf(FIND_PUBLIC, { taskIds: [ids[0] ?? ''], apiKeyIds: [keyId] }),
      atMost: 5,
      indexes: ['task_pkey'],
    },
    {
      what: 'claim of due tasks',
      text: CLAIM_POLLS.text,
      values: valuesOf(CLAIM_POLLS, { upstreamId: up, limit: 100, leaseMs: 30_000 }),
      atMost: 5,
      indexes: ['task_poll_due'],
    },
    {
      what: 'a page of a key',
      text: LIST_OWN.newest.text,
      values: valuesOf(LIST_OWN.newest, {
        apiKeyId: keyId,
        submittedUs: null,
        lastId: largest,
        status: null,
        action: null,
        mode: null,
        state: null,
        pattern: null,
        textId: null,
        from: null,
        to: null,
        parentId: null,
        limit: PAGE,
        lookedAt: SCAN_LIMIT,
      }),
      atMost: 20,
      indexes: ['task_of_key', 'task_submitted'],
    },
  ];
  const report: Question = {
    what: 'a day of report.task_daily',
    text: 'select * from report.task_daily where day = $1::date',
    values: [day],
    atMost: 50,
    indexes: ['task_day', 'task_submitted'],
  };
  return hasReport ? [...questions, report] : questions;
}

async function ask(sql: Client, tasks: number, { what, text, values, atMost, indexes }: Question): Promise<Figure> {
  const times: number[] = [];
  let plan: Plan | null = null;
  for (let at = 0; at < TIMES; at += 1) {
    await sql.query('begin');
    const { rows } = await sql.query<{ 'QUERY PLAN': [{ Plan: Plan; 'Execution Time': number }] }>(
      `explain (analyze, timing off, format json) ${text}`,
      values,
    );
    await sql.query('rollback');
    const [explained] = rows[0]?.['QUERY PLAN'] ?? [];
    plan = explained?.Plan ?? null;
    times.push(explained?.['Execution Time'] ?? NaN);
  }
  if (plan === null) throw new Error(`no plan of ${what}`);
  const used = indexesOf(plan);
  const isAsMeant = indexes.some((index) => used.includes(index)) && !scansWholeTable(plan, 'task');
  const figure = bound({
    row: `sql: ${what} among ${tasks.toLocaleString('en-GB')} tasks`,
    ours: median(times),
    unit: 'ms',
    rounds: TIMES,
    atMost,
    note: `by ${used.join(', ') || 'no index'}${isAsMeant ? '' : `; ${indexes.join(' or ')} was meant`}`,
  });
  return { ...figure, holds: figure.holds === true && isAsMeant };
}
