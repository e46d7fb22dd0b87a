import { Database, DatabaseUnavailableError } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { newApiKey } from './api-key-secret.js';
import { ApiKeyCache } from './api-key-cache.js';
import { PriceList } from '../credits/price-list.js';

let made: TestDatabase;
let database: Database;
let cache: ApiKeyCache;
beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 2, work: 2 }, statementTimeoutMs: 10_000 });
});
let monotonic: number;
beforeEach(() => {
  monotonic = 0;
  cache = new ApiKeyCache(database, () => monotonic);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sql('truncate api_key restart identity cascade');
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

function sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return database.run<Row>({ name: '', pool: 'http', text }, values);
}

describe('a key of the environment', () => {
  it('is made once, without limits, and the same on every boot', async () => {
    const presented = newApiKey();
    const first = await cache.ensure('default', presented);
    expect(await cache.ensure('default', presented)).toEqual(first);
    expect(await sql('select api_key_id, is_limited, balance from account')).toEqual([
      { api_key_id: first.id, is_limited: false, balance: '0.000000' },
    ]);
    expect(await cache.find(presented)).toMatchObject({ ...first, requestsPerMinute: null, addresses: null });
    expect(JSON.stringify(await sql('select * from api_key'))).not.toContain(presented);
  });

  it('stays revoked', async () => {
    const presented = newApiKey();
    await cache.ensure('default', presented);
    await sql('update api_key set revoked_at = now()');
    await cache.ensure('default', presented);
    expect(await cache.find(presented)).toBeNull();
  });
});

describe('a presented key', () => {
  it('finds its owner, and any other key finds no owner', async () => {
    const presented = newApiKey();
    const { id } = await cache.ensure('mine', presented);
    expect((await cache.find(presented))?.id).toBe(id);
    expect(await cache.find(newApiKey())).toBeNull();
    expect(await cache.find(`${presented} `)).toBeNull();
    expect(await cache.find('')).toBeNull();
  });

  it('finds no owner once it is revoked, where it was not cached before', async () => {
    const presented = newApiKey();
    await cache.ensure('mine', presented);
    await sql('update api_key set revoked_at = now()');
    expect(await cache.find(presented)).toBeNull();
  });

  it('costs one query for many requests, known or not', async () => {
    const presented = newApiKey();
    await cache.ensure('mine', presented);
    const run = jest.spyOn(database, 'run');
    await Promise.all(Array.from({ length: 20 }, async (_, at) => cache.find(at % 2 ? presented : 'guess')));
    await cache.find(presented);
    expect(run).toHaveBeenCalledTimes(2);
  });

  it('is looked up again once its cache entry is old, and at once after a failure', async () => {
    const presented = newApiKey();
    await cache.ensure('mine', presented);
    expect(await cache.find(presented)).not.toBeNull();
    await sql('update api_key set revoked_at = now()');
    monotonic += 10_000;
    expect(await cache.find(presented)).toBeNull();

    jest.spyOn(database, 'run').mockRejectedValueOnce(new DatabaseUnavailableError(new Error('away')));
    await expect(cache.find('another')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await cache.find('another')).toBeNull();
  });
});

describe('a key that was right before', () => {
  it('is recalled without a question to others, and no other is', async () => {
    const presented = newApiKey();
    const run = jest.spyOn(database, 'run');
    expect(cache.recall(presented)).toBeUndefined();
    expect(run).not.toHaveBeenCalled();
    const { id } = await new ApiKeyCache(database).ensure('mine', presented);
    expect(await cache.find(presented)).toMatchObject({ id });
    expect(cache.recall(presented)).toMatchObject({ id });
    monotonic += 60_000;
    expect(await cache.recall(presented)).toMatchObject({ id });
    cache.forget();
    expect(await cache.recall(presented)).toMatchObject({ id });
  });

  it('is one that the environment names, too, and is none any more once it is revoked', async () => {
    const presented = newApiKey();
    const { id } = await cache.ensure('mine', presented);
    expect(await cache.recall(presented)).toMatchObject({ id });
    await sql('update api_key set revoked_at = now()');
    monotonic += 10_000;
    expect(await cache.recall(presented)).toBeNull();
    expect(cache.recall(presented)).toBeUndefined();
  });

  it('is not forgotten for guesses', async () => {
    const presented = newApiKey();
    const { id } = await cache.ensure('mine', presented);
    await cache.find(presented);
    jest.spyOn(database, 'run').mockResolvedValue([]);
    for (let guess = 0; guess < 10_001; guess += 1) await cache.find(`guess ${guess}`);
    jest.restoreAllMocks();
    expect(await cache.recall(presented)).toMatchObject({ id });
  });
});

describe('a key that was revoked', () => {
  it.each([2, -2])('is refused after 10 s, though the wall clock was set by %d h meanwhile', async (hours) => {
    const presented = newApiKey();
    await cache.ensure('mine', presented);
    expect(await cache.find(presented)).not.toBeNull();
    await sql('update api_key set revoked_at = now()');
    const set = Date.now() + hours * 3_600_000;
    jest.spyOn(Date, 'now').mockReturnValue(set);
    monotonic += 10_000;
    expect(await cache.find(presented)).toBeNull();
  });

  it('is refused at once after a sleep of the machine, in which no clock of this process went on', async () => {
    const presented = newApiKey();
    await cache.ensure('mine', presented);
    expect(await cache.find(presented)).not.toBeNull();
    await sql('update api_key set revoked_at = now()');
    cache.forget();
    expect(await cache.find(presented)).toBeNull();
  });
});

describe('the price list', () => {
  it('is read once for many, and again after a failure', async () => {
    const prices = new PriceList(database);
    const run = jest.spyOn(database, 'run').mockRejectedValueOnce(new DatabaseUnavailableError(new Error('away')));
    await expect(prices.priceOf('IMAGINE', 'FAST')).rejects.toBeInstanceOf(DatabaseUnavailableError);
    expect(await prices.priceOf('IMAGINE', 'FAST')).toBe('0.100000');
    expect(await prices.priceOf('IMAGINE', 'TURBO')).toBe('0.200000');
    expect(await prices.priceOf('UPSCALE', 'RELAX')).toBe('0.025000');
    expect(run).toHaveBeenCalledTimes(2);
  });
});
