import { Database } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { ReadMeter } from './read-meter.js';

const KEY = '7';
let made: TestDatabase;
let database: Database;
let now: Date;
beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 2, work: 4 }, statementTimeoutMs: 10_000 });
});
beforeEach(() => {
  now = new Date('2026-11-22T10:00:10.500Z');
});
afterEach(() => database.run({ name: '', pool: 'http', text: 'truncate read_count' }));
afterAll(async () => {
  await database.close();
  await made.drop();
});

/** A replica's meter; all of them have one clock. */
function meter(limit: number, run: Database['run'] = database.run.bind(database)): ReadMeter {
  return new ReadMeter({ add: () => undefined }, { run, now: () => now }, limit);
}

function take(of: ReadMeter, times: number, key = KEY): number {
  return Array.from({ length: times }, () => of.take(key)).filter(Boolean).length;
}

describe('reads', () => {
  it('are limited by key and minute', () => {
    const one = meter(5);
    expect(take(one, 7)).toBe(5);
    expect(take(one, 1, '8')).toBe(1);
    expect(one.left(KEY)).toEqual({ limit: 5, remaining: 0, seconds: 50 });
    expect(one.left('9')).toEqual({ limit: 5, remaining: 5, seconds: 50 });
    now = new Date('2026-11-22T10:01:00.000Z');
    expect(one.left(KEY)).toEqual({ limit: 5, remaining: 5, seconds: 60 });
    expect(take(one, 7)).toBe(5);
  });

  it('are neither counted nor limited where the limit is 0', async () => {
    const run = jest.fn();
    const one = meter(0, run);
    expect(take(one, 1_000)).toBe(1_000);
    expect(one.left(KEY)).toBeNull();
    await one.exchange();
    expect(run).not.toHaveBeenCalled();
  });

  it('are counted together by all replicas, with one statement each', async () => {
    const run = jest.spyOn(database, 'run');
    const replicas = [meter(100), meter(100), meter(100)];
    for (const [at, replica] of replicas.entries()) {
      take(replica, 10 * (at + 1));
      take(replica, 1, '8');
    }
    await Promise.all(replicas.map((replica) => replica.exchange()));
    expect(run).toHaveBeenCalledTimes(3);
    for (const replica of replicas) take(replica, 1);
    await Promise.all(replicas.map((replica) => replica.exchange()));
    for (const replica of replicas) take(replica, 1);
    for (const replica of replicas) await replica.exchange();
    expect(replicas.at(-1)?.left(KEY)?.remaining).toBe(34);
    for (const replica of replicas) await replica.exchange();
    expect(run).toHaveBeenCalledTimes(9);
    expect(
      await database.run({ name: '', pool: 'http', text: 'select api_key_id, used from read_count order by 1' }),
    ).toEqual([
      { api_key_id: '7', used: 66 },
      { api_key_id: '8', used: 3 },
    ]);
    run.mockRestore();
  });

  it('of one replica are refused for reads that another replica let pass', async () => {
    const [one, two] = [meter(20), meter(20)];
    take(one, 20);
    await one.exchange();
    expect(take(two, 1)).toBe(1);
    await two.exchange();
    expect(take(two, 5)).toBe(0);
  });

  it('are kept while the database is away', async () => {
    const run = jest.fn().mockRejectedValueOnce(new Error('away'));
    run.mockImplementation((statement, values) => database.run(statement as never, values as never));
    const one = meter(10, run);
    take(one, 4);
    await one.exchange();
    expect(one.left(KEY)?.remaining).toBe(6);
    take(one, 1);
    await one.exchange();
    expect(await database.run({ name: '', pool: 'http', text: 'select used from read_count' })).toEqual([{ used: 5 }]);
  });
});
