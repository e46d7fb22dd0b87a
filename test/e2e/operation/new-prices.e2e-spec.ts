import pg from 'pg';
import { PriceNewActions1797000000020 } from '../../../apps/gateway/src/migrations/1797000000020-price-new-actions.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

describe('the prices of the new actions', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const migration = new PriceNewActions1797000000020();
  const runner = { query: (text: string) => client.query(text) } as unknown as Parameters<typeof migration.up>[0];

  /** `action mode price`, sorted. */
  async function list(): Promise<string[]> {
    const { rows } = await client.query<{ row: string }>(
      "select concat_ws(' ', action, mode, trim_scale(price)) as row from price order by action, mode",
    );
    return rows.map(({ row }) => row);
  }

  /** What the migration adds to a list. */
  async function added(own: readonly string[]): Promise<string[]> {
    await client.query('truncate price');
    for (const row of own) await client.query('insert into price values ($1, $2, $3)', row.split(' '));
    const before = await list();
    await migration.up(runner);
    const after = await list();
    expect(after).toEqual(expect.arrayContaining(before));
    return after.filter((row) => !before.includes(row));
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('are added to the list that migrations made, and taken out again', async () => {
    const seeded = await list();
    await migration.down(runner);
    const before = await list();
    expect(seeded.filter((row) => !before.includes(row))).toEqual([
      'ENHANCE FAST 0.1',
      'ENHANCE RELAX 0.05',
      'ENHANCE TURBO 0.2',
      'REMIX FAST 0.1',
      'REMIX RELAX 0.05',
      'REMIX TURBO 0.2',
      'REMOVE_BACKGROUND FAST 0.05',
      'REMOVE_BACKGROUND RELAX 0.025',
      'REMOVE_BACKGROUND TURBO 0.1',
      'VIDEO_UPSCALE FAST 0.4',
      'VIDEO_UPSCALE RELAX 0.2',
      'VIDEO_UPSCALE TURBO 0.8',
    ]);
    await migration.up(runner);
    expect(await list()).toEqual(seeded);
  });

  it('are what the operator says for all actions', async () => {
    expect(await added(['* * 1', 'ACTION FAST 0.1', 'IMAGINE FAST 2'])).toEqual([]);
    expect(await added(['* FAST 1', 'ACTION FAST 0.1', 'ACTION TURBO 0.2'])).toEqual([
      'ENHANCE TURBO 0.2',
      'REMIX TURBO 0.2',
      'REMOVE_BACKGROUND TURBO 0.1',
      'VIDEO_UPSCALE TURBO 0.8',
    ]);
  });

  it('are what the operator says for the action, in one mode or all', async () => {
    expect(await added(['ACTION FAST 0.1', 'REMIX FAST 3', 'ENHANCE * 4', 'VIDEO_UPSCALE FAST 0'])).toEqual([
      'REMOVE_BACKGROUND FAST 0.05',
    ]);
  });

  it('open no mode in which such buttons were not sold', async () => {
    expect(await added(['IMAGINE FAST 0.1', 'IMAGINE TURBO 0.2'])).toEqual([]);
    expect(await added([])).toEqual([]);
  });

  it('are what such buttons cost where the operator priced those himself', async () => {
    expect(await added(['ACTION FAST 7', 'VIDEO_UPSCALE FAST 8'])).toEqual([
      'ENHANCE FAST 7',
      'REMIX FAST 7',
      'REMOVE_BACKGROUND FAST 7',
    ]);
    expect(await added(['ACTION * 7', 'ACTION FAST 0.1', 'REMIX * 1', 'ENHANCE * 1', 'VIDEO_UPSCALE * 1'])).toEqual([
      'REMOVE_BACKGROUND FAST 0.05',
      'REMOVE_BACKGROUND RELAX 7',
      'REMOVE_BACKGROUND TURBO 7',
    ]);
  });
});
