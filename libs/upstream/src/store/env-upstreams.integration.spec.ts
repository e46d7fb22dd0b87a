import { randomBytes } from 'node:crypto';
import { Database, rowReader, SecretBox } from '#libs/database';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { EnvUpstreams, type EnvUpstream } from './env-upstreams.js';
import { Upstream } from './upstream.entity.js';

const SETTING: EnvUpstream = {
  name: 'default',
  kind: 'midjourney-proxy',
  baseUrl: 'https://a.example',
  secret: null,
  maxConcurrent: 12,
  reenable: false,
};

let made: TestDatabase;
let database: Database;
let envUpstreams: EnvUpstreams;
const box = new SecretBox(randomBytes(32));

beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 1, work: 4 }, statementTimeoutMs: 10_000 });
  envUpstreams = new EnvUpstreams(database, box);
});
afterEach(async () => {
  await sql('delete from upstream_load');
  await sql('delete from upstream');
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return database.run<Row>({ name: '', pool: 'work', text }, values);
}

function ensure(changes: Partial<EnvUpstream> = {}): Promise<void> {
  return envUpstreams.ensure({ ...SETTING, ...changes });
}

/** Every upstream with its slots, oldest first. */
async function rows(): Promise<(Upstream & { running: number; maxConcurrent: number })[]> {
  const found = await sql<{ running: number; max_concurrent: number }>(
    'select * from upstream join upstream_load on upstream_id = id order by id',
  );
  return found.map((row) =>
    Object.assign(rowReader(Upstream)(row), { running: row.running, maxConcurrent: row.max_concurrent }),
  );
}

describe('ensure', () => {
  it('makes a row that takes work, with its slots', async () => {
    await ensure();
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      name: 'default',
      kind: 'midjourney-proxy',
      baseUrl: 'https://a.example',
      secret: null,
      enabled: true,
      retiredAt: null,
      running: 0,
      maxConcurrent: 12,
    });
    expect(row?.fullTexts.length).toBeGreaterThan(0);
  });

  it('keeps the one row of the same address and updates its secret and slots', async () => {
    await ensure({ secret: 'old' });
    await sql('update upstream_load set running = 5');
    const [before] = await rows();
    await ensure({ secret: 'new', maxConcurrent: 3 });
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: before?.id, running: 5, maxConcurrent: 3 });
    expect(box.open(row?.secret ?? Buffer.alloc(0))).toBe('new');
    await ensure({ secret: null });
    expect((await rows())[0]?.secret).toBeNull();
  });

  it('keeps the secret only under SECRET_KEY', async () => {
    await ensure({ secret: 'a-secret-to-be-seen-by-nobody' });
    const [row] = await rows();
    expect(row?.secret?.includes('a-secret')).toBe(false);
    const [dump] = await sql<{ text: string }>('select upstream::text as text from upstream');
    expect(dump?.text).not.toContain('a-secret');
    expect(dump?.text).not.toContain(Buffer.from('a-secret').toString('hex'));
    expect(box.open(row?.secret ?? Buffer.alloc(0))).toBe('a-secret-to-be-seen-by-nobody');
  });

  it('makes a new row for a changed address and retires the old one, whose tasks keep theirs', async () => {
    await ensure({ secret: 'old' });
    await sql('update upstream_load set running = 5');
    await ensure({ baseUrl: 'https://b.example', secret: 'new' });
    const [old, fresh, ...others] = await rows();
    expect(others).toEqual([]);
    expect(old).toMatchObject({ baseUrl: 'https://a.example', enabled: false, running: 5 });
    expect(old?.retiredAt).not.toBeNull();
    expect(box.open(old?.secret ?? Buffer.alloc(0))).toBe('old');
    expect(fresh).toMatchObject({ baseUrl: 'https://b.example', enabled: true, retiredAt: null, running: 0 });
  });

  it('makes one of a kind, and a new row for another kind', async () => {
    await ensure();
    await ensure({ kind: 'youchuan', baseUrl: 'https://a.example/v1/tob', secret: 'app|s3cret' });
    const all = await rows();
    expect(all).toMatchObject([
      { kind: 'midjourney-proxy', acceptsNotifyHook: false, enabled: false },
      { kind: 'youchuan', acceptsNotifyHook: true, enabled: true, baseUrl: 'https://a.example' },
    ]);
  });

  it('makes none with a secret that does not fit its kind, and says what it needs', async () => {
    await expect(ensure({ kind: 'youchuan', secret: 'whole' })).rejects.toThrow('<app>|<secret>');
    await expect(ensure({ kind: 'legnext' })).rejects.toThrow('secret of upstream default must be given');
    expect(await rows()).toEqual([]);
  });

  it('makes another new row when the address changes back', async () => {
    for (const host of ['a', 'b', 'a']) await ensure({ baseUrl: `https://${host}.example` });
    const all = await rows();
    expect(all.map(({ baseUrl, enabled }) => [baseUrl, enabled])).toEqual([
      ['https://a.example', false],
      ['https://b.example', false],
      ['https://a.example', true],
    ]);
  });

  it('leaves upstreams of other names alone', async () => {
    await ensure({ name: 'other', baseUrl: 'https://other.example' });
    await ensure();
    await ensure({ baseUrl: 'https://b.example' });
    const all = await rows();
    expect(all.filter(({ enabled }) => enabled).map(({ name }) => name)).toEqual(['other', 'default']);
  });

  it.each([
    'https://a.example/',
    'https://a.example///',
    'https://a.example/mj',
    'https://a.example/mj/',
    'https://a.example//mj//',
    'HTTPS://A.example:443/',
  ])('takes %s for the same address', async (baseUrl) => {
    await ensure();
    await ensure({ baseUrl });
    const all = await rows();
    expect(all.map((row) => row.baseUrl)).toEqual(['https://a.example']);
  });

  it.each([
    ['https://a.example/gate/mj/', 'https://a.example/gate'],
    ['https://a.example/mj-fast/mj', 'https://a.example/mj-fast'],
    ['https://a.example/amj', 'https://a.example/amj'],
    ['https://mj', 'https://mj'],
    ['https://mj/', 'https://mj'],
  ])('keeps of %s what is not /mj', async (given, kept) => {
    await ensure({ baseUrl: given });
    expect((await rows()).map(({ baseUrl }) => baseUrl)).toEqual([kept]);
  });

  it('makes one row when replicas boot at once', async () => {
    await ensure({ baseUrl: 'https://before.example' });
    await Promise.all(Array.from({ length: 8 }, () => ensure()));
    const all = await rows();
    expect(all.map(({ baseUrl, enabled }) => [baseUrl, enabled])).toEqual([
      ['https://before.example', false],
      ['https://a.example', true],
    ]);
  });
});

describe('a stand-in', () => {
  beforeEach(() => ensure({ name: 'simulator', baseUrl: 'http://127.0.0.1:9' }));

  const enabled = async (): Promise<string[]> => (await rows()).filter((row) => row.enabled).map(({ name }) => name);

  it('goes on while there is no other upstream, or the others are disabled', async () => {
    expect(await envUpstreams.hasOthers('simulator')).toBe(false);
    await envUpstreams.disableIfOthers('simulator');
    expect(await enabled()).toEqual(['simulator']);

    await ensure();
    await sql(`update upstream set enabled = false where name = 'default'`);
    expect(await envUpstreams.hasOthers('simulator')).toBe(false);
    await envUpstreams.disableIfOthers('simulator');
    expect(await enabled()).toEqual(['simulator']);
  });

  it('is switched off by any other that is on, and on again by its own setting', async () => {
    await ensure();
    expect(await envUpstreams.hasOthers('simulator')).toBe(true);
    await envUpstreams.disableIfOthers('simulator');
    expect(await enabled()).toEqual(['default']);
    expect(await envUpstreams.hasOthers('default')).toBe(false);

    await ensure({ name: 'simulator', baseUrl: 'http://127.0.0.1:9', reenable: true });
    expect(await enabled()).toEqual(['simulator', 'default']);
  });

  it('leaves one that an operator switched off as it is', async () => {
    await ensure();
    await sql(`update upstream set enabled = false where name = 'default'`);
    await ensure();
    expect(await enabled()).toEqual(['simulator']);
  });
});
