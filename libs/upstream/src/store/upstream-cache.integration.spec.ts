import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Database, databaseScheduler, DatabaseUnavailableError, SecretBox } from '#libs/database';
import { TICK_MS, type JobScheduler } from '#libs/runtime';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import type { TaskAction, TaskMode } from '#libs/wire';
import { imagine } from '../../test/commands.js';
import { definitionOf } from '../kinds.js';
import { UpstreamCache, type UpstreamCacheOptions, type WantedWork } from './upstream-cache.js';

const OPTIONS: UpstreamCacheOptions = { submitTimeoutMs: 30_000, pollTimeoutMs: 10_000, refreshMs: TICK_MS };
const NOW = new Date('2026-11-06T12:00:00Z');

let made: TestDatabase;
let database: Database;
let upstreams: UpstreamCache;
let scheduler: JobScheduler;
const box = new SecretBox(randomBytes(32));

beforeAll(async () => {
  made = await createTestDatabase();
  database = new Database({ url: made.url, connections: { http: 1, work: 2 }, statementTimeoutMs: 10_000 });
});
beforeEach(() => {
  upstreams = new UpstreamCache(database, box, OPTIONS);
  scheduler = databaseScheduler(database);
});
afterEach(async () => {
  scheduler.onModuleDestroy();
  await sql('delete from upstream');
});
afterAll(async () => {
  await database.close();
  await made.drop();
});

function sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return database.run<Row>({ name: '', pool: 'work', text }, values);
}

/** Adds an upstream with these columns besides its defaults; gives its id. */
async function add(name: string, columns: Record<string, unknown> = {}): Promise<string> {
  const all: Record<string, unknown> = { name, base_url: `http://${name}.example:8080/gate`, ...columns };
  const keys = Object.keys(all);
  const [row] = await sql<{ id: string }>(
    `insert into upstream (${keys.join()}) values (${keys.map((_, at) => `$${at + 1}`).join()}) returning id`,
    Object.values(all),
  );
  return row?.id ?? '';
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) {
    await scheduler.tick();
    await sleep(5);
  }
}

function work(mode: TaskMode, action: TaskAction): WantedWork {
  return { mode, action, command: imagine('a fox'), kinds: null };
}

describe('UpstreamCache', () => {
  it('gives a call all it needs, with the secret opened and the default deadlines', async () => {
    const id = await add('a', { secret: box.seal('s3cret'), full_texts: ['jammed'], accepts_notify_hook: true });
    await upstreams.start(scheduler);
    expect(upstreams.find(id)).toEqual({
      id,
      name: 'a',
      kind: 'midjourney-proxy',
      capabilities: definitionOf('midjourney-proxy').capabilities,
      defaultVersion: null,
      modelVersions: null,
      followUps: 'sticky',
      baseUrl: 'http://a.example:8080/gate',
      secret: 's3cret',
      userAgent: null,
      proxy: null,
      modes: null,
      actions: null,
      acceptsNotifyHook: true,
      acceptsAccountFilter: false,
      submitTimeoutMs: 30_000,
      pollTimeoutMs: 10_000,
      fullTexts: ['jammed'],
    });
  });

  it('lets an upstream have a proxy and a name of its own', async () => {
    const id = await add('a', { proxy_url: box.seal('http://al:p%40w@10.0.0.1:3128'), user_agent: 'Mozilla/5.0' });
    await upstreams.start(scheduler);
    expect(upstreams.find(id)).toMatchObject({
      userAgent: 'Mozilla/5.0',
      proxy: { protocol: 'http:', host: '10.0.0.1', port: 3_128, credentials: { username: 'al', password: 'p@w' } },
    });
  });

  it('calls no upstream whose proxy cannot be opened, not even directly', async () => {
    const id = await add('a', { proxy_url: Buffer.from('00', 'hex') });
    Logger.overrideLogger(false);
    await upstreams.start(scheduler);
    expect([upstreams.hasUnreadableSecret(id), upstreams.mayCall(id), upstreams.isUsable(id)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('lets an upstream have deadlines of its own and no secret', async () => {
    const id = await add('a', { submit_timeout_ms: 60_000, poll_timeout_ms: 5_000 });
    await upstreams.start(scheduler);
    expect(upstreams.find(id)).toMatchObject({ secret: null, submitTimeoutMs: 60_000, pollTimeoutMs: 5_000 });
  });

  it('knows the others when a secret was sealed under another SECRET_KEY, and says whose it was', async () => {
    const lost = await add('lost', { secret: new SecretBox(randomBytes(32)).seal('s3cret') });
    const kept = await add('kept', { secret: box.seal('s3cret') });
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation();
    await upstreams.start(scheduler);
    expect(upstreams.find(kept)).toMatchObject({ secret: 's3cret' });
    expect(upstreams.find(lost)).toMatchObject({ secret: null });
    expect(errors.mock.calls.flat().join()).toContain('upstream lost');
    errors.mockRestore();
  });

  it('does not find unknown ids', async () => {
    await upstreams.start(scheduler);
    expect(upstreams.all()).toEqual([]);
    expect(upstreams.find('4711')).toBeNull();
    expect(upstreams.originOf('4711')).toBeNull();
    expect(upstreams.isUsable('4711')).toBe(false);
    expect(upstreams.candidates(work('FAST', 'IMAGINE'))).toEqual([]);
  });

  it('names the origin of an upstream without its path', async () => {
    const id = await add('a');
    await upstreams.start(scheduler);
    expect(upstreams.originOf(id)).toBe('http://a.example:8080');
  });

  it('gives the upstreams that take the mode and the action as candidates', async () => {
    const any = await add('any', { priority: 5, weight: 3 });
    const fast = await add('fast', { modes: ['FAST', 'TURBO'] });
    const upscales = await add('upscales', { actions: ['UPSCALE'] });
    const none = await add('none', { modes: [] });
    await add('off', { enabled: false });
    await add('gone', { enabled: false, retired_at: NOW });
    await upstreams.start(scheduler);
    const ids = (...args: Parameters<typeof work>): string[] => upstreams.candidates(work(...args)).map(({ id }) => id);
    expect(upstreams.candidates(work('RELAX', 'IMAGINE'))).toEqual([{ id: any, priority: 5, weight: 3 }]);
    expect(ids('FAST', 'IMAGINE')).toEqual([any, fast]);
    expect(ids('TURBO', 'UPSCALE')).toEqual([any, fast, upscales]);
    expect(ids('RELAX', 'UPSCALE')).toEqual([any, upscales]);
    expect(upstreams.all().map(({ id }) => id)).toContain(none);
  });

  it('names the kinds that may take work that waits: where any of their upstreams can, by its own settings', async () => {
    await add('proxy');
    await upstreams.start(scheduler);
    const relaxed: WantedWork = { ...work('RELAX', 'IMAGINE') };
    expect(upstreams.kindsFor(relaxed)).toBeNull();
    await add('licensed', { kind: 'youchuan' });
    await add('old', { kind: 'legnext', model_versions: ['6.1'] });
    await upstreams.refresh();
    expect(upstreams.kindsFor(work('FAST', 'SHORTEN'))).not.toContain('youchuan');
    const newest: WantedWork = { ...work('FAST', 'IMAGINE'), command: imagine('a fox --v 7') };
    expect(upstreams.kindsFor(newest)).not.toContain('legnext');
    await add('new', { kind: 'legnext' });
    await upstreams.refresh();
    expect(upstreams.kindsFor(newest)).toBeNull();
    expect(upstreams.kindsFor({ ...newest, kinds: ['legnext'] })).toEqual(['legnext']);
  });

  it('still reaches retired and disabled upstreams, whose tasks go on, but gives them no new work', async () => {
    const off = await add('off', { enabled: false });
    const gone = await add('gone', { enabled: false, retired_at: NOW });
    await upstreams.start(scheduler);
    expect(upstreams.all().map(({ id }) => id)).toEqual([off, gone]);
    for (const id of [off, gone]) {
      expect(upstreams.find(id)).not.toBeNull();
      expect(upstreams.isUsable(id)).toBe(false);
    }
  });

  it.each([
    ['open', "now() + interval '1 minute'"],
    ['half-open', "now() - interval '1 minute'"],
  ])('holds an upstream back while its circuit is %s, and still counts it among the candidates', async (_, until) => {
    const id = await add('a');
    await upstreams.start(scheduler);
    expect([upstreams.isUsable(id), upstreams.mayCall(id), upstreams.usable()]).toEqual([
      true,
      true,
      [{ id, priority: 0, weight: 1 }],
    ]);
    await sql(`update upstream set circuit_until = ${until}, circuit_changed_at = $1`, [NOW]);
    await upstreams.refresh();
    expect([upstreams.isUsable(id), upstreams.mayCall(id), upstreams.usable()]).toEqual([false, false, []]);
    expect(upstreams.circuitOf(id)?.changedAt).toEqual(NOW);
    expect(upstreams.candidates(work('FAST', 'IMAGINE')).map((candidate) => candidate.id)).toEqual([id]);
  });

  it('may call a disabled upstream, whose tasks go on, and none that it does not know', async () => {
    const id = await add('off', { enabled: false });
    await upstreams.start(scheduler);
    expect([upstreams.isUsable(id), upstreams.mayCall(id), upstreams.mayCall('4711')]).toEqual([false, true, false]);
  });

  it('gives the capabilities of upstreams, and none of an unknown one', async () => {
    const id = await add('a', { reads_batches: false, echoes_state: true });
    await upstreams.start(scheduler);
    const nothing = { readsBatches: null, listsRecent: null, echoesState: null, pushes: null };
    expect(upstreams.capabilitiesOf(id)).toEqual({ ...nothing, readsBatches: false, echoesState: true });
    expect(upstreams.capabilitiesOf('4711')).toEqual(nothing);
  });

  it('learns of changes, and of none after it was stopped', async () => {
    const id = await add('a');
    await upstreams.start(scheduler);
    expect(upstreams.isUsable(id)).toBe(true);
    await sql('update upstream set enabled = false where id = $1', [id]);
    await until(() => !upstreams.isUsable(id));
    const second = await add('b');
    await until(() => upstreams.find(second) !== null);
    scheduler.onModuleDestroy();
    await scheduler.beforeApplicationShutdown();
    const third = await add('c');
    for (let tick = 0; tick < 3; tick += 1) await scheduler.tick();
    expect(upstreams.find(third)).toBeNull();
  });

  it('does not start without its database', async () => {
    const away = new Database({
      url: 'postgres://nobody@127.0.0.1:1/none',
      connections: { http: 1, work: 1 },
      statementTimeoutMs: 1_000,
    });
    await expect(new UpstreamCache(away, box, OPTIONS).start(scheduler)).rejects.toBeInstanceOf(
      DatabaseUnavailableError,
    );
    await away.close();
  });
});
