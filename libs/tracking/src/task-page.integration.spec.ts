import { TrackingRig } from '../test/tracking-rig.js';
import { LIST_OWN, QUEUE_OWN } from './sql/page.js';

describe('lists of a key', () => {
  let rig: TrackingRig;

  beforeAll(async () => void (rig = await TrackingRig.open()));
  afterEach(() => rig.reset());
  afterAll(() => rig.close());

  /** The plan of a statement as text, values put in as they are. */
  async function planOf(text: string, values: (string | number | null)[]): Promise<string> {
    const literal = (at: number): string => {
      const value = values[at - 1];
      return value === null || value === undefined ? 'null' : `'${value}'`;
    };
    const rows = await rig.sql<{ 'QUERY PLAN': string }>(
      `explain (costs off) ${text.replace(/\$(\d+)/g, (_, at: string) => literal(Number(at)))}`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  it('go along their index, from wherever the page before ended', async () => {
    const key = await rig.key();
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, finished_at)
       select 6240000000000000 + n, $1::bigint, 'IMAGINE', 'FAST', 'MID_JOURNEY', case when n % 100 = 0 then 'SUBMITTED' else 'SUCCESS' end,
         case when n % 100 = 0 then 0 else 100 end, '', now() - n * interval '1 second', case when n % 100 = 0 then null else now() end
       from generate_series(1, 5000) n`,
      [key],
    );
    await rig.sql('analyze task');
    const page = await planOf(LIST_OWN.text, [
      key,
      '1000000000000000',
      '9223372036854775807',
      null,
      null,
      null,
      null,
      21,
    ]);
    expect(page).toMatch(/Index Scan using task_of_key/);
    expect(page).toMatch(/Index Cond: .*ROW\(submitted_at, id\) </);
    expect(page).not.toMatch(/Sort|Seq Scan on task t/);
    expect(await planOf(QUEUE_OWN.text, [key, 1_000])).toMatch(/Index Scan using task_unfinished/);
  });
});
