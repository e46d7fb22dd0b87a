import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { ToxicProxy } from '../../../test/support/toxic-proxy.js';
import { until } from '../../../test/support/until.js';
import { DatabaseUnavailableError } from './database-error.js';
import { Database } from './database.js';
import type { Statement } from './statement.js';

const ADD: Statement = { name: 'fault_add', pool: 'http', text: 'insert into thing (n) values ($1) returning n' };
const COUNT: Statement = { name: 'fault_count', pool: 'work', text: 'select count(*)::int as n from thing' };
const LONG: Statement = { name: 'fault_long', pool: 'http', text: 'select repeat($1, 100000) as text' };
const SLEEP: Statement = { name: 'fault_sleep', pool: 'http', text: 'select pg_sleep(60)' };

/** What a link to Postgres may do to a statement: the caller is told, nothing runs twice, and the pool heals. */
describe('a link to Postgres', () => {
  let made: TestDatabase;
  let admin: pg.Client;
  let proxy: ToxicProxy;
  let database: Database;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    made = await createTestDatabase();
    admin = new pg.Client({ connectionString: made.url });
    await admin.connect();
    await admin.query('create table thing (n integer not null)');
  });
  beforeEach(async () => {
    await admin.query('truncate thing');
    proxy = await ToxicProxy.start(made.url);
    database = new Database({ url: proxy.url, connections: { http: 2, work: 2 }, statementTimeoutMs: 1_000 });
    await database.start();
  });
  afterEach(async () => {
    proxy.heal();
    await database.close();
    await proxy.close();
  });
  afterAll(async () => {
    await admin.end();
    await made.drop();
  });

  const count = async (): Promise<number | undefined> => (await database.run<{ n: number }>(COUNT))[0]?.n;
  const heals = async (): Promise<void> => {
    proxy.heal();
    const before = (await admin.query<{ n: number }>(COUNT.text)).rows[0]?.n ?? 0;
    await expect(database.run(ADD, [1])).resolves.toEqual([{ n: 1 }]);
    expect(await count()).toBe(before + 1);
  };

  it('that loses the answer leaves what was done done, once, and says that nothing is known', async () => {
    proxy.loseAnswerTo(ADD.name);
    await expect(database.run(ADD, [1])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(proxy.lost).toBe(1);
    expect(await count()).toBe(1);
    await heals();
  });

  it.each([0, 1, 5, 60, 4_000, 99_000])('that is cut after %d bytes of answer is lost, and no more', async (bytes) => {
    await database.run(COUNT);
    proxy.cutAfterBytes = bytes;
    await expect(database.run(LONG, ['x'])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await heals();
  });

  it('that goes down is away until it is up', async () => {
    proxy.down();
    for (const statement of [COUNT, SLEEP])
      await expect(database.run(statement)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await heals();
  });

  it('that is half-open holds no caller for ever', async () => {
    await database.run(COUNT);
    proxy.freeze();
    await expect(database.run(COUNT)).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await heals();
  });

  it('that has no connection left holds no caller for ever', async () => {
    proxy.maxConnections = 0;
    await expect(database.run(ADD, [1])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await heals();
  });

  it('whose backends are ended, idle and at work, is made anew', async () => {
    const end = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    const asleep = "select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    for (let round = 0; round < 10; round += 1) {
      const busy = Promise.allSettled([database.run(SLEEP), database.run(SLEEP), database.run(COUNT)]);
      await until('both to be at work', async () => ((await admin.query(asleep)).rowCount === 2 ? true : null));
      await admin.query(end);
      const [one, two] = await busy;
      for (const slept of [one, two])
        expect(slept).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) as unknown });
      await admin.query(end);
    }
    await heals();
  });

  it('all of whose connections wait for a lock answers a further caller, and those who wait', async () => {
    await admin.query('begin; lock table thing in access exclusive mode');
    const waiting = Promise.allSettled([database.run(ADD, [1]), database.run(ADD, [2])]);
    await expect(database.run(ADD, [3])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    for (const one of await waiting)
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) as unknown });
    // The other pool has connections of its own.
    await expect(database.run({ ...COUNT, name: 'fault_one', text: 'select 1 as n' })).resolves.toEqual([{ n: 1 }]);
    await admin.query('rollback');
    expect(await count()).toBe(0);
    await heals();
  });
});
