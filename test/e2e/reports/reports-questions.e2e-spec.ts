import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ReportKeeper } from '../../../apps/gateway/src/reports/report-keeper.js';
import { REPORTER } from '../../../apps/gateway/src/reports/reporter-role.js';
import { ReportLoad } from './reports-load.js';

const TEXT = readFileSync(join(import.meta.dirname, '../../../docs/reporting.md'), 'utf8');
/** The task of the examples. */
const EXAMPLE_ID = /6233940767280507/g;

/** Each SQL block of docs/reporting.md with the sentence above it. */
const QUESTIONS = [...TEXT.matchAll(/([^\n]*)\n\n```sql\n(.*?)```/gs)].map(([, question = '', text = '']) => ({
  question,
  text,
}));

/** Answered by no row when all is well. */
const GOOD_NEWS = [/near a limit today/, /stuck/];

describe('docs/reporting.md', () => {
  let load: ReportLoad;
  let reader: pg.Client;

  beforeAll(async () => {
    load = await ReportLoad.start();
    // Some of it was yesterday, so that both the day report and the roll-up have something to say.
    await load.gateway.sql(
      `update task set submitted_at = submitted_at - interval '1 day' where id = any($1) or refused`,
      [[load.ids['failed'], load.ids['waited']]],
    );
    await load.gateway.app.get(ReportKeeper, { strict: false }).refresh();
    const [database] = await load.gateway.sql<{ name: string }>('select current_database() as name');
    const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
    url.pathname = `/${database?.name}`;
    reader = new pg.Client({ connectionString: url.toString() });
    await reader.connect();
    await reader.query(`set role ${REPORTER}`);
  });

  afterAll(async () => {
    await reader.end();
    await load.close();
  });

  it('asks more than the twelve questions', () => expect(QUESTIONS.length).toBeGreaterThan(18));

  it.each(QUESTIONS)('$question', async ({ question, text }) => {
    const asked = text
      .replaceAll(EXAMPLE_ID, load.ids['told'] ?? '')
      .replace('$__timeFrom()', "now() - interval '2 days'")
      .replace('$__timeTo()', 'now()');
    const { rows } = await reader.query(asked);
    if (!GOOD_NEWS.some((pattern) => pattern.test(question))) expect(rows).not.toEqual([]);
  });

  it('answers with what happened', async () => {
    const answer = async (question: RegExp): Promise<Record<string, unknown>[]> => {
      const found = QUESTIONS.find((candidate) => question.test(candidate.question));
      return (
        await reader.query<Record<string, unknown>>(
          (found?.text ?? '').replaceAll(EXAMPLE_ID, load.ids['upscale'] ?? ''),
        )
      ).rows;
    };
    expect(await answer(/^Failed tasks that kept/)).toEqual([{ tasks: '0', credits: '0' }]);
    expect((await answer(/family tree/)).map(({ what }) => what)).toEqual(['IMAGINE', '  UPSCALE']);
    expect(await answer(/^Yesterday/)).toMatchObject([{ submitted: '4', failed: '1', cancelled: '1', refused: '2' }]);
    expect((await answer(/^Which receiver/)).map((row) => row['url_host'])).toEqual([new URL(load.deaf.url).host]);
  });
});
