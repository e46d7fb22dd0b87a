import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { ACCOUNT_RULES, SLOT_RULES } from '../../../../libs/tracking/src/store/reads/book-invariants.js';
import { RealTasksError, seedDatabase } from './seed-database.js';

const TASKS = 3_000;
const SECONDARY = `select indexdef from pg_indexes where schemaname = 'public' order by 1`;
const KEYS = `select conname, conrelid::regclass::text from pg_constraint where contype = 'f' order by 1, 2`;

describe('a seeded database', () => {
  let database: TestDatabase;
  let client: Client;

  const all = async (text: string): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(text)).rows;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('has its indexes and foreign keys again', async () => {
    const before = [await all(SECONDARY), await all(KEYS)];
    await seedDatabase(client, { tasks: TASKS, days: 40, force: false });
    expect([await all(SECONDARY), await all(KEYS)]).toEqual(before);
  });

  it('has as many tasks as asked for, of every kind, in the past, each with a timeline', async () => {
    const [counts] = await all(`select count(*)::int as n, max(submitted_at) < now() as past,
      count(distinct status)::int as statuses, count(distinct fail_code)::int as codes, count(distinct mode)::int as modes,
      count(distinct api_key_id)::int as keys, count(distinct upstream_id)::int as upstreams,
      count(*) filter (where waiting)::int as waiting from task`);
    expect(counts).toMatchObject({ n: TASKS, past: true, modes: 3, upstreams: 3, waiting: 0 });
    expect(counts?.['statuses']).toBeGreaterThanOrEqual(4);
    expect(counts?.['codes']).toBeGreaterThanOrEqual(5);
    expect(counts?.['keys']).toBeGreaterThan(5);
    const unlike = await all(`select t.id from task t where t.status <> (
      select e.status from task_event e where e.task_id = t.id order by e.version desc, e.id desc limit 1) and t.finished_at is not null`);
    expect(unlike).toEqual([]);
  });

  it('keeps every rule of the books', async () => {
    const broken: [string, unknown][] = [];
    for (const { name, text } of [...ACCOUNT_RULES, ...SLOT_RULES]) {
      const { rows } = await client.query(text, [null]);
      if (rows.length > 0) broken.push([name, rows[0]]);
    }
    expect(broken).toEqual([]);
  });

  it('takes more', async () => {
    await seedDatabase(client, { tasks: 500, days: 10, force: false });
    expect(await all('select count(*)::int as n from task')).toEqual([{ n: TASKS + 500 }]);
  });

  it('is none where there are real tasks, unless that is asked for', async () => {
    await client.query(`
      with made as (insert into api_key (name, prefix, key_hash) values ('real', 'sk', sha256('real')) returning id)
      update task set api_key_id = (select id from made) where id = (select max(id) from task)`);
    await expect(seedDatabase(client, { tasks: 10, days: 10, force: false })).rejects.toThrow(RealTasksError);
    await seedDatabase(client, { tasks: 10, days: 10, force: true });
    expect(await all('select count(*)::int as n from task')).toEqual([{ n: TASKS + 510 }]);
  });
});
