import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { until } from '../../../test/support/until.js';
import { StatementAbandonedError } from './database-error.js';
import { Database } from './database.js';
import type { Statement } from './statement.js';

const LONG: Statement = { name: 'abandoned_long', pool: 'http', text: 'select pg_sleep(600) as slept' };
const SHORT: Statement = { name: 'abandoned_short', pool: 'http', text: 'select pg_backend_pid() as pid' };

describe('a statement whose client has left', () => {
  let made: TestDatabase;
  let admin: pg.Client;
  let database: Database;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    made = await createTestDatabase();
    admin = new pg.Client({ connectionString: made.url });
    await admin.connect();
  });
  beforeEach(() => {
    database = new Database({ url: made.url, connections: { http: 1, work: 2 }, statementTimeoutMs: 900_000 });
  });
  afterEach(() => database.close());
  afterAll(async () => {
    await admin.end();
    await made.drop();
  });

  const running = async (): Promise<number> => {
    const { rows } = await admin.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(600) as slept'",
    );
    return rows[0]?.n ?? 0;
  };

  it('ends at Postgres, and its connection serves the next one', async () => {
    const [before] = await database.run<{ pid: number }>(SHORT);
    const gone = new AbortController();
    const asked = database.run(LONG, [], gone.signal);
    const failed = expect(asked).rejects.toThrow(StatementAbandonedError);
    await until('the statement', async () => ((await running()) === 1 ? true : null));
    gone.abort();
    await failed;
    // Postgres tells of the end before it says of itself that it is idle.
    await until('no statement', async () => ((await running()) === 0 ? true : null));
    expect(await database.run<{ pid: number }>(SHORT)).toEqual([before]);
  });

  it('is not begun where it left before, or while it waited for a connection', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const holding = database.run(LONG, [], first.signal).catch((error: unknown) => error);
    await until('the statement', async () => ((await running()) === 1 ? true : null));
    const waiting = database.run(LONG, [], second.signal).catch((error: unknown) => error);
    second.abort();
    first.abort();
    expect(await holding).toBeInstanceOf(StatementAbandonedError);
    expect(await waiting).toBeInstanceOf(StatementAbandonedError);
    await expect(database.run(LONG, [], AbortSignal.abort())).rejects.toThrow(StatementAbandonedError);
    // Postgres tells of the end before it says of itself that it is idle.
    await until('no statement', async () => ((await running()) === 0 ? true : null));
  });

  it('ends nothing else: one that is over before its client leaves was its own', async () => {
    const gone = new AbortController();
    const [mine] = await database.run<{ pid: number }>(SHORT, [], gone.signal);
    const other = new AbortController();
    const asked = database.run(LONG, [], other.signal).catch((error: unknown) => error);
    await until('the statement', async () => ((await running()) === 1 ? true : null));
    gone.abort();
    const { rows } = await admin.query<{ pid: number }>(
      "select pid from pg_stat_activity where state = 'active' and query like '%pg_sleep(600) as slept'",
    );
    expect(rows).toEqual([mine]);
    other.abort();
    expect(await asked).toBeInstanceOf(StatementAbandonedError);
  });

  it('counts as no statement that was too long', async () => {
    const noted = jest.spyOn(database.cancelled, 'note');
    const gone = new AbortController();
    const asked = database.run(LONG, [], gone.signal).catch((error: unknown) => error);
    await until('the statement', async () => ((await running()) === 1 ? true : null));
    gone.abort();
    await asked;
    expect(noted).not.toHaveBeenCalled();
  });
});
