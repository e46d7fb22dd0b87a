import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DatabaseUnavailableError, StatementCancelledError } from './database-error.js';
import { Database } from './database.js';
import type { Statement } from './statement.js';

const ADD: Statement = { name: 'fault_add', pool: 'http', text: 'insert into thing (n) values ($1) returning *' };
const ALL: Statement = { name: 'fault_all', pool: 'http', text: 'select * from thing order by n' };
const MINUTES_MS = 300_000;

let made: TestDatabase;
let admin: pg.Client;
let database: Database;

beforeAll(async () => {
  Logger.overrideLogger(false);
  made = await createTestDatabase();
  admin = new pg.Client({ connectionString: made.url });
  await admin.connect();
  database = new Database({ url: made.url, connections: { http: 3, work: 1 }, statementTimeoutMs: 5_000 });
});
beforeEach(async () => {
  await admin.query(`drop table if exists thing; create table thing (n integer not null);
    create sequence if not exists runs; alter sequence runs restart`);
});
afterEach(() => jest.restoreAllMocks());
afterAll(async () => {
  await database.close();
  await admin.end();
  await made.drop();
});

/** Has Postgres fail so often with this code whenever a row is added; a sequence counts what a rollback undoes. */
async function failOn(code: string, times: number): Promise<void> {
  await admin.query(`create or replace function fail() returns trigger language plpgsql as $$ begin
      if nextval('runs') <= ${times} then raise exception using errcode = '${code}', message = 'injected'; end if;
      return new; end $$;
    create trigger fail before insert on thing for each row execute function fail()`);
}

async function runs(): Promise<number> {
  return Number((await admin.query<{ n: string }>("select nextval('runs') - 1 as n")).rows[0]?.n);
}

describe.each([
  ['deadlock', '40P01'],
  ['serialization failure', '40001'],
])('a %s', (_, code) => {
  it.each([1, 2])('that comes %d times is not seen: the statement is run again, and done once', async (times) => {
    await failOn(code, times);
    await expect(database.run(ADD, [7])).resolves.toEqual([{ n: 7 }]);
    expect(await runs()).toBe(times + 1);
    await expect(database.run(ALL)).resolves.toEqual([{ n: 7 }]);
  });

  it('that comes each time is said after three runs: nothing was done, try later', async () => {
    await failOn(code, 99);
    await expect(database.run(ADD, [7])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await runs()).toBe(3);
    await expect(database.run(ALL)).resolves.toEqual([]);
  });
});

// As a full disk says it. A tablespace of a few pages would need root and a file system of its own.
it.each(['53100', '53200', '25006'])('%s: writes say that the database is not available, reads go on', async (code) => {
  await failOn(code, 1);
  await expect(database.run(ADD, [1])).rejects.toBeInstanceOf(DatabaseUnavailableError);
  await expect(database.run(ALL)).resolves.toEqual([]);
  await expect(database.run(ADD, [1])).resolves.toEqual([{ n: 1 }]);
  expect(await runs()).toBe(2);
});

describe('a statement that takes longer than it may', () => {
  const SLEEP: Statement = { name: 'fault_sleep', pool: 'http', text: 'select pg_sleep(60)' };

  it('is undone and told so, and no outage: nobody else is concerned, and no alarm is raised', async () => {
    const alarm = jest.spyOn(Logger.prototype, 'error');
    const quick = new Database({ url: made.url, connections: { http: 2, work: 1 }, statementTimeoutMs: 200 });
    await expect(quick.run(SLEEP)).rejects.toBeInstanceOf(StatementCancelledError);
    await expect(quick.run(ALL)).resolves.toEqual([]);
    await expect(quick.transaction('http', (runner) => runner.run(SLEEP))).rejects.toBeInstanceOf(
      StatementCancelledError,
    );
    expect(quick.cancelled.count).toBe(2);
    expect(alarm).not.toHaveBeenCalled();
    await quick.close();
  });

  it('is what an operator has cancelled, too', async () => {
    const asleep = database.run(SLEEP);
    const cancel =
      "select pg_cancel_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()";
    const end = setInterval(() => void admin.query(cancel), 50);
    await expect(asleep).rejects.toBeInstanceOf(StatementCancelledError);
    clearInterval(end);
  });
});

it('any other failure is the driver’s own, and is not tried again', async () => {
  await failOn('P0001', 99);
  await expect(database.run(ADD, [1])).rejects.toMatchObject({ code: 'P0001' });
  expect(await runs()).toBe(1);
});

it('a column added under prepared statements is no failure, on any connection, of reads and of writes', async () => {
  const onEach = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all([work(), work(), work()]);
  for (const column of ['b', 'c']) {
    await onEach(() => database.run(ALL));
    await onEach(() => database.run(ADD, [1]));
    await admin.query(`alter table thing add column ${column} text not null default 'new'`);
  }
  for (const rows of await onEach(() => database.run(ALL))) expect(rows).toHaveLength(6);
  for (const rows of await onEach(() => database.run(ADD, [2]))) expect(rows).toEqual([{ n: 2, b: 'new', c: 'new' }]);
  expect((await database.run(ALL)).length).toBe(9);
});

describe.each([-MINUTES_MS, MINUTES_MS])('a process whose clock is wrong by %d ms', (skew) => {
  it('goes by the clock of Postgres', async () => {
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + skew);
    const skewed = new Database({ url: made.url, connections: { http: 1, work: 1 }, statementTimeoutMs: 5_000 });
    await skewed.start();
    const { rows } = await admin.query<{ now: Date }>('select clock_timestamp() as now');
    const apart = skewed.now().getTime() - (rows[0]?.now.getTime() ?? 0);
    expect(Math.abs(apart)).toBeLessThan(MINUTES_MS / 5);
    await skewed.close();
  });
});
