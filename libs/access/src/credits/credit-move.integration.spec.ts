import { randomBytes } from 'node:crypto';
import { Database } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { bookHolds, bookRefunds, booksOf, chargeAccounts, creditAccounts, lockAccounts } from './credit-move.js';

let made: TestDatabase;
let database: Database;
beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 2, work: 2 }, statementTimeoutMs: 10_000 });
});
afterEach(() => sql('truncate api_key restart identity cascade'));
afterAll(async () => {
  await database.close();
  await made.drop();
});

function sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return database.run<Row>({ name: '', pool: 'http', text }, values);
}

/** A key with its account; `balance` null: no limit of any kind. */
async function key(balance: number | null, running = 0): Promise<string> {
  const [row] = await sql<{ id: string }>(
    `with made as (insert into api_key (name, prefix, key_hash) values ('k', $1, $2) returning id),
      account as (insert into account (api_key_id, is_limited, has_credit_limit, balance, running)
        select id, $3::numeric is not null, $3::numeric is not null, coalesce($3, 0), $4 from made)
     select id from made`,
    [randomBytes(4).toString('hex'), randomBytes(32), balance, running],
  );
  return row?.id ?? '';
}

interface Opened {
  id: number;
  api_key_id: string;
  price: string;
  is_counted: boolean;
}

interface Ended {
  id: number;
  api_key_id: string;
  refund: string;
  uncounts: boolean;
  refused?: boolean;
  alias_of?: number;
  submitted_at?: string;
}

async function open(rows: readonly Opened[]): Promise<void> {
  await sql(
    `with opened as (select *, 1 as jobs from jsonb_to_recordset($1) as r (id bigint, api_key_id bigint, price numeric, is_counted boolean)),
      holds as (${bookHolds('opened')}), charged as (${chargeAccounts('opened', { submits: 'count(*)', tasks: 'count(*)' })}) select`,
    [JSON.stringify(rows)],
  );
}

async function end(rows: readonly Ended[]): Promise<void> {
  await sql(
    `with saved as (select *, 1 as jobs from jsonb_to_recordset($1) as r (id bigint, api_key_id bigint, refund numeric,
        refund_note text, uncounts boolean, refused boolean, alias_of bigint, submitted_at timestamptz)),
      refunds as (${bookRefunds('saved')}), credited as (${creditAccounts('saved')}) select`,
    [JSON.stringify(rows)],
  );
}

const account = async (id: string): Promise<unknown> =>
  (await sql('select balance, running from account where api_key_id = $1', [id]))[0];
const ledger = (): Promise<object[]> => sql('select api_key_id, task_id, kind, amount from ledger order by id');

describe('opening tasks', () => {
  it('takes the sum of their prices and counts, once per key', async () => {
    const [one, two] = [await key(10), await key(5, 2)];
    await open([
      { id: 1, api_key_id: one, price: '0.1', is_counted: true },
      { id: 2, api_key_id: one, price: '0.200001', is_counted: true },
      { id: 3, api_key_id: two, price: '0', is_counted: true },
    ]);
    expect(await account(one)).toEqual({ balance: '9.699999', running: 2 });
    expect(await account(two)).toEqual({ balance: '5.000000', running: 3 });
    expect(await ledger()).toEqual([
      { api_key_id: one, task_id: '1', kind: 'hold', amount: '-0.100000' },
      { api_key_id: one, task_id: '2', kind: 'hold', amount: '-0.200001' },
    ]);
  });

  it('writes the ledger of a key without limits, and not its account', async () => {
    const free = await key(null);
    await open([{ id: 1, api_key_id: free, price: '3', is_counted: false }]);
    expect(await account(free)).toEqual({ balance: '0.000000', running: 0 });
    expect(await ledger()).toMatchObject([{ kind: 'hold', amount: '-3.000000' }]);
  });
});

describe('ending tasks', () => {
  it('gives back the sum of refunds and counts, once per key', async () => {
    const [one, two] = [await key(1, 3), await key(1, 1)];
    await end([
      { id: 1, api_key_id: one, refund: '0.5', uncounts: true },
      { id: 2, api_key_id: one, refund: '0.25', uncounts: true },
      { id: 3, api_key_id: two, refund: '0', uncounts: true },
    ]);
    expect(await account(one)).toEqual({ balance: '1.750000', running: 1 });
    expect(await account(two)).toEqual({ balance: '1.000000', running: 0 });
    expect(await ledger()).toHaveLength(2);
  });

  it('touches no account where there is nothing to give', async () => {
    const one = await key(1, 1);
    const version = 'select xmin::text from account';
    const before = await sql(version);
    await end([{ id: 1, api_key_id: one, refund: '0', uncounts: false }]);
    expect(await sql(version)).toEqual(before);
    expect(await ledger()).toEqual([]);
  });

  it('books the refund of a key without limits, and leaves its account alone', async () => {
    const free = await key(null);
    await end([{ id: 1, api_key_id: free, refund: '3', uncounts: false }]);
    expect(await account(free)).toEqual({ balance: '0.000000', running: 0 });
    expect(await ledger()).toMatchObject([{ kind: 'refund', amount: '3.000000' }]);
  });

  it('leaves the account of a key alone whose limits were taken away meanwhile', async () => {
    const one = await key(5, 2);
    await sql('update account set is_limited = false, has_credit_limit = false');
    await end([{ id: 1, api_key_id: one, refund: '1', uncounts: true }]);
    expect(await account(one)).toEqual({ balance: '5.000000', running: 2 });
  });

  it('never counts below nothing', async () => {
    const one = await key(5, 0);
    await end([{ id: 1, api_key_id: one, refund: '0', uncounts: true }]);
    expect(await account(one)).toMatchObject({ running: 0 });
  });
});

describe('the counters of limits', () => {
  const counters = async (id: string): Promise<unknown> =>
    (
      await sql(
        `select window_used, day_used, month_spent, day = (now() at time zone 'utc')::date as is_today,
          window_at > now() - interval '1 minute' as is_this_minute from account where api_key_id = $1`,
        [id],
      )
    )[0];
  const task = (id: number, apiKeyId: string): Opened => ({ id, api_key_id: apiKeyId, price: '0.5', is_counted: true });
  const today = new Date().toISOString();

  it('begin anew with their minute, day and month', async () => {
    const one = await key(10);
    await open([task(1, one), task(2, one)]);
    expect(await counters(one)).toEqual({
      window_used: 2,
      day_used: 2,
      month_spent: '1.000000',
      is_today: true,
      is_this_minute: true,
    });
    await sql(
      `update account set window_at = now() - interval '61 s', day = day - 1, month = month - interval '1 month'`,
    );
    await open([task(3, one)]);
    expect(await counters(one)).toMatchObject({ window_used: 1, day_used: 1, month_spent: '0.500000' });
  });

  it('are as lockAccounts tells them: of now, not of a time that is over', async () => {
    const one = await key(10);
    await open([task(1, one)]);
    const told = 'window_used, day_used, month_spent::float, window_end > now() as is_ahead';
    const now = (): Promise<object[]> => sql(`select ${told} from (${lockAccounts('select $1::bigint')}) l`, [one]);
    expect(await now()).toEqual([{ window_used: 1, day_used: 1, month_spent: 0.5, is_ahead: true }]);
    await sql(
      `update account set window_at = now() - interval '61 s', day = day - 1, month = month - interval '1 month'`,
    );
    expect(await now()).toEqual([{ window_used: 0, day_used: 0, month_spent: 0, is_ahead: true }]);
  });

  it('give back the holds of this month, and tasks of this day that ended before any work', async () => {
    const one = await key(10);
    await open([task(1, one), task(2, one), task(3, one), task(4, one)]);
    await sql(`update ledger set at = date_trunc('month', now() at time zone 'utc') at time zone 'utc' - interval '1 s'
      where task_id = 2`);
    const ended = { api_key_id: one, refund: '0.5', uncounts: true };
    await end([
      { ...ended, id: 1, refused: true, submitted_at: today },
      { ...ended, id: 2, refused: false, submitted_at: today },
      { ...ended, id: 3, refused: false, alias_of: 1, submitted_at: today },
      { ...ended, id: 4, refused: true, submitted_at: '2020-01-01T00:00:00Z' },
    ]);
    expect(await counters(one)).toMatchObject({ window_used: 4, day_used: 2, month_spent: '0.500000' });
    expect(await account(one)).toEqual({ balance: '10.000000', running: 0 });
    expect(await sql(`select total, month_spent from (${booksOf('$1')}) b`, [one])).toEqual([
      { total: '0.000000', month_spent: '0.000000' },
    ]);
  });
});

describe('locking accounts', () => {
  it('takes the limited ones among the keys, by id', async () => {
    const keys = [await key(1), await key(null), await key(2), await key(3)];
    const rows = await sql<{ api_key_id: string }>(lockAccounts('select unnest($1::bigint[])'), [
      [keys[2], keys[1], keys[0]],
    ]);
    expect(rows.map((row) => row.api_key_id)).toEqual([keys[0], keys[2]]);
  });
});
