import { TrackingRig } from '../test/tracking-rig.js';
import { ShownTasks } from './shown-tasks.js';
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

  it('show each waiting task in the same place, however it is asked for', async () => {
    const [key, other] = [await rig.key(), await rig.key()];
    // Two keys take turns, and all come within one millisecond.
    await rig.sql(
      `insert into task (id, api_key_id, action, mode, bot_type, status, progress, base_url, submitted_at, waiting)
       select 6240000000000000 + n, case when n % 2 = 0 then $1::bigint else $2::bigint end, 'IMAGINE', 'FAST',
         'MID_JOURNEY', 'NOT_START', 0, '', date_trunc('second', now()), n < 9 from generate_series(1, 10) n`,
      [key, other],
    );
    const tasks = new ShownTasks(rig.database);
    const placesOf = (found: { id: string; queuePosition: number | null }[]): Record<string, number | null> =>
      Object.fromEntries(found.map(({ id, queuePosition }) => [Number(id) % 100, queuePosition]));
    const ids = Array.from({ length: 10 }, (_, n) => `62400000000000${String(n + 1).padStart(2, '0')}`);
    const single = (await Promise.all(ids.map((id) => tasks.find(id, key)))).filter((task) => task !== null);
    expect(placesOf(single)).toEqual({ 2: 1, 4: 3, 6: 5, 8: 7, 10: null });
    expect(placesOf(await tasks.findMany(ids, key))).toEqual(placesOf(single));
    expect(placesOf(await tasks.queue(key, 100))).toEqual(placesOf(single));
    expect(
      placesOf(
        (await tasks.list(key, { status: null, action: null, mode: null, state: null }, null, 100)).map(
          ({ task }) => task,
        ),
      ),
    ).toEqual(placesOf(single));
  });

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
