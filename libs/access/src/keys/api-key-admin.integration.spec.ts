import { Database } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { BalanceRangeError, ApiKeyAdmin } from './api-key-admin.js';
import { ApiKeyCache } from './api-key-cache.js';
import type { KeyTerms } from './key-terms.js';
import { KeyUsage } from './key-usage.js';

let made: TestDatabase;
let database: Database;
let keys: ApiKeyAdmin;
/** Keys have no tasks here: libs/tracking has the tests with them. */
const NO_TASKS = {
  unfinished: () => 'select 0::numeric as held, 0 as running',
  openedToday: () => 'select 0 as opened',
};
beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 4, work: 4 }, statementTimeoutMs: 10_000 });
  keys = new ApiKeyAdmin(database, NO_TASKS);
});
afterEach(() => sql('truncate api_key restart identity cascade'));
afterAll(async () => {
  await database.close();
  await made.drop();
});

function sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return database.run<Row>({ name: '', pool: 'http', text }, values);
}

const ledger = (): Promise<object[]> => sql('select kind, amount, note from ledger order by id');
const account = async (id: string): Promise<unknown> =>
  (await sql('select is_limited, has_credit_limit, balance from account where api_key_id = $1', [id]))[0];

const ALL_TERMS: KeyTerms = {
  name: 'studio',
  credits: '12.500001',
  maxConcurrent: 3,
  requestsPerMinute: 60,
  queueLimit: 0,
  dailyTasks: 100,
  monthlySpend: '99.900000',
  modes: ['FAST', 'RELAX'],
  upstreamKinds: ['youchuan'],
  actions: ['IMAGINE'],
  ipAllow: ['203.0.113.0/24', '2001:db8::/32'],
  expiresAt: new Date('2030-01-02T03:04:05.678Z'),
  defaultMode: 'RELAX',
  notifyHook: 'https://hooks.example.com/a?b=c',
  notifyEvents: 'terminal',
  promptLint: 'strict',
  promptExpansion: 'refuse',
  retries: 2,
};

describe('a new key', () => {
  it('has the terms that it was given, and is found by the key that is shown once', async () => {
    const { key, plain } = await keys.create(ALL_TERMS);
    expect(key).toMatchObject({ ...ALL_TERMS, balance: '12.500001', spent: '0.000000', held: '0.000000', running: 0 });
    expect(key).toMatchObject({ revokedAt: null, lastUsedAt: null, prefix: plain.slice(0, 11) });
    expect(plain).toMatch(/^sk-[0-9A-Za-z]{43}$/);
    expect(await new ApiKeyCache(database).find(plain)).toMatchObject({ id: key.id, requestsPerMinute: 60 });
    expect(JSON.stringify(await sql('select * from api_key'))).not.toContain(plain);
    expect(await ledger()).toEqual([{ kind: 'topup', amount: '12.500001', note: 'opening credits' }]);
    expect(await keys.find(key.id)).toEqual(key);
  });

  it('without limits leaves its account alone; no credits at all is a limit', async () => {
    const { key: free } = await keys.create({ name: 'free', credits: undefined });
    const { key: poor } = await keys.create({ name: 'poor', credits: '0' });
    const { key: queued } = await keys.create({ name: 'queued', queueLimit: 0 });
    expect(free).toMatchObject({ credits: null, notifyEvents: 'all', promptLint: 'warn', modes: null });
    expect(await account(free.id)).toEqual({ is_limited: false, has_credit_limit: false, balance: '0.000000' });
    expect(await account(poor.id)).toEqual({ is_limited: true, has_credit_limit: true, balance: '0.000000' });
    expect(await account(queued.id)).toMatchObject({ is_limited: true, has_credit_limit: false });
    expect(await ledger()).toEqual([]);
  });
});

describe('a list of keys', () => {
  it('begins with the newest, and goes on page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await keys.create({ name });
    const names: string[][] = [];
    for (let before: string | null = null; ;) {
      const page = await keys.list({ before, limit: 2 });
      names.push(page.items.map(({ name }) => name));
      if ((before = page.next) === null) break;
    }
    expect(names).toEqual([['e', 'd'], ['c', 'b'], ['a']]);
    expect(await keys.list({ before: null, limit: 5 })).toMatchObject({ next: null });
  });
});

describe('a change', () => {
  it('touches the terms that it names, and no others', async () => {
    const { key } = await keys.create(ALL_TERMS);
    const changed = await keys.change(key.id, { name: 'other', modes: null, maxConcurrent: 9, actions: undefined });
    expect(changed).toEqual({ ...key, name: 'other', modes: null, maxConcurrent: 9 });
    expect(await keys.change(key.id, {})).toEqual(changed);
    expect(await keys.change('404', { name: 'x' })).toBeNull();
  });

  it('of credits sets the balance, by a line of the ledger', async () => {
    const { key } = await keys.create({ name: 'k', credits: '5' });
    expect(await keys.change(key.id, { credits: '3.25' })).toMatchObject({ credits: '3.250000', balance: '3.250000' });
    expect(await keys.change(key.id, { credits: '3.25' })).toMatchObject({ credits: '3.250000' });
    expect(await keys.change(key.id, { credits: null })).toMatchObject({ credits: null, balance: '3.250000' });
    expect(await account(key.id)).toMatchObject({ is_limited: false });
    expect(await keys.moveCredits(key.id, '-10', 'debt')).toMatchObject({ kind: 'moved', balance: '-6.750000' });
    expect(await keys.change(key.id, { credits: '1' })).toMatchObject({ credits: '1.000000', balance: '1.000000' });
    expect(await account(key.id)).toEqual({ is_limited: true, has_credit_limit: true, balance: '1.000000' });
    expect(await ledger()).toEqual([
      { kind: 'topup', amount: '5.000000', note: 'opening credits' },
      { kind: 'adjust', amount: '-1.750000', note: 'credits set' },
      { kind: 'adjust', amount: '-10.000000', note: 'debt' },
      { kind: 'adjust', amount: '7.750000', note: 'credits set' },
    ]);
  });

  it('of one limit leaves the others', async () => {
    const { key } = await keys.create({ name: 'k', credits: '5', dailyTasks: 4 });
    expect(await keys.change(key.id, { credits: null })).toMatchObject({ credits: null, dailyTasks: 4 });
    expect(await account(key.id)).toEqual({ is_limited: true, has_credit_limit: false, balance: '5.000000' });
    await keys.change(key.id, { dailyTasks: null });
    expect(await account(key.id)).toMatchObject({ is_limited: false });
  });

  it('ends in the numbers of the ledger, however many change at once', async () => {
    const { key } = await keys.create({ name: 'k' });
    await Promise.all(
      Array.from({ length: 24 }, (_, at) =>
        at % 3 === 0
          ? keys.moveCredits(key.id, '0.000001', '')
          : keys.change(key.id, at % 3 === 1 ? { credits: String(at) } : { maxConcurrent: at, credits: null }),
      ),
    );
    await keys.change(key.id, { maxConcurrent: 3 });
    const [row] = await sql(
      'select a.balance = (select sum(amount) from ledger) as agrees, a.is_limited from account a where api_key_id = $1',
      [key.id],
    );
    expect(row).toEqual({ agrees: true, is_limited: true });
  });
});

describe('credits', () => {
  it('are added and taken, and not below nothing where they are enforced', async () => {
    const { key } = await keys.create({ name: 'k', credits: '1' });
    expect(await keys.moveCredits(key.id, '2.5', 'invoice 7')).toMatchObject({
      kind: 'moved',
      entry: { kind: 'topup', amount: '2.500000', note: 'invoice 7' },
      balance: '3.500000',
    });
    expect(await keys.moveCredits(key.id, '-3.500001', '')).toEqual({ kind: 'refused', balance: '3.500000' });
    expect(await keys.moveCredits(key.id, '-3.5', '')).toMatchObject({
      entry: { kind: 'adjust' },
      balance: '0.000000',
    });
    expect(await keys.moveCredits('404', '1', '')).toEqual({ kind: 'unknown_key' });
    expect(await ledger()).toHaveLength(3);
  });

  it('moved at once add up', async () => {
    const { key } = await keys.create({ name: 'k', credits: '1' });
    const moves = await Promise.all(Array.from({ length: 30 }, () => keys.moveCredits(key.id, '-0.1', '')));
    expect(moves.filter(({ kind }) => kind === 'moved')).toHaveLength(10);
    expect(await keys.find(key.id)).toMatchObject({ credits: '0.000000', balance: '0.000000' });
  });
});

describe('a ledger that adds up to more than a balance can be', () => {
  /** Fills the ledger of a key to 1.2 times what numeric(18, 6) holds. */
  const rich = async (): Promise<string> => {
    const { key } = await keys.create({ name: 'rich' });
    await sql(
      `insert into ledger (api_key_id, kind, amount) select $1, 'topup', 400000000000 from generate_series(1, 3)`,
      [key.id],
    );
    return key.id;
  };

  it('is shown, alone and in the list, and the key can be renamed', async () => {
    const id = await rich();
    const { key: other } = await keys.create({ name: 'other' });
    const shown = { id, credits: null, balance: '1200000000000.000000', spent: '0.000000', held: '0.000000' };
    expect(await keys.find(id)).toMatchObject(shown);
    expect((await keys.list({ before: null, limit: 10 })).items).toMatchObject([{ id: other.id }, shown]);
    expect(await keys.change(id, { name: 'renamed' })).toMatchObject({ ...shown, name: 'renamed' });
  });

  it('may move a balance towards its range, and not away from it', async () => {
    const id = await rich();
    expect(await keys.moveCredits(id, '0.000001', '')).toEqual({
      kind: 'past_range',
      balance: '1200000000000.000000',
    });
    expect(await keys.moveCredits(id, '-1', 'back')).toMatchObject({
      kind: 'moved',
      balance: '1199999999999.000000',
    });
    expect(await ledger()).toHaveLength(4);
  });

  it.each([{ maxConcurrent: 2 }, { name: 'n', credits: '5' }])('cannot become a balance by %j', async (patch) => {
    const id = await rich();
    const before = await keys.find(id);
    const kept = await account(id);
    await expect(keys.change(id, patch)).rejects.toBeInstanceOf(BalanceRangeError);
    expect(await keys.find(id)).toMatchObject({ name: 'rich', maxConcurrent: null, credits: before?.credits });
    expect(await account(id)).toEqual(kept);
    expect(await ledger()).toHaveLength(3);
  });

  it('does not come about by a move, enforced or not', async () => {
    for (const terms of [{ credits: '1' }, {}]) {
      const { key } = await keys.create({ name: 'k', ...terms });
      const most = terms.credits === undefined ? '999999999999.999999' : '999999999998.999999';
      expect(await keys.moveCredits(key.id, most, '')).toMatchObject({ balance: '999999999999.999999' });
      expect(await keys.moveCredits(key.id, '0.000001', '')).toEqual({
        kind: 'past_range',
        balance: '999999999999.999999',
      });
      expect(await keys.find(key.id)).toMatchObject({ balance: '999999999999.999999' });
    }
  });
});

describe('a key that is revoked', () => {
  it('stays so since the first time', async () => {
    const { key, plain } = await keys.create({ name: 'k' });
    const first = await keys.revoke(key.id);
    expect(first?.revokedAt).toBeInstanceOf(Date);
    expect(await keys.revoke(key.id)).toEqual(first);
    expect(await keys.change(key.id, { name: 'n' })).toMatchObject({ revokedAt: first?.revokedAt });
    expect(await new ApiKeyCache(database).find(plain)).toBeNull();
    expect(await keys.revoke('404')).toBeNull();
  });
});

describe('the last use of keys', () => {
  it('is written for all of them in one statement, and not again at once', async () => {
    const ids = [(await keys.create({ name: 'a' })).key.id, (await keys.create({ name: 'b' })).key.id];
    await keys.create({ name: 'unused' });
    const usage = new KeyUsage({ add: () => undefined }, database);
    const run = jest.spyOn(database, 'run');
    for (let n = 0; n < 50; n += 1) ids.forEach((id) => usage.note(id));
    await usage.flush();
    expect(run).toHaveBeenCalledTimes(1);
    await usage.flush();
    expect(run).toHaveBeenCalledTimes(1);
    run.mockRestore();
    const read = 'select id, last_used_at from api_key where last_used_at is not null order by id';
    const written = await sql<{ id: string }>(read);
    expect(written.map(({ id }) => id)).toEqual(ids);
    usage.note(ids[0] ?? '');
    await usage.flush();
    expect(await sql(read)).toEqual(written);
  });

  it('is written later where the database is away', async () => {
    const { key } = await keys.create({ name: 'a' });
    const usage = new KeyUsage({ add: () => undefined }, database);
    usage.note(key.id);
    const run = jest.spyOn(database, 'run').mockRejectedValueOnce(new Error('away'));
    await usage.flush();
    expect((await keys.find(key.id))?.lastUsedAt).toBeNull();
    run.mockRestore();
    await usage.flush();
    expect((await keys.find(key.id))?.lastUsedAt).toBeInstanceOf(Date);
  });
});
