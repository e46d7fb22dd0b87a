import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AssetFixture, drawGrid, eventually } from '../test/asset-fixture.js';
import { DiskImageStore } from './disk-image-store.js';
import { FileMissingError } from './image-store.js';
import { StoreIdentity } from './store-identity.js';

const ADVICE = /share the folder or use S3/;

async function inFolders(work: (folders: string[]) => Promise<void>): Promise<void> {
  const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), 'journeyman-store-'))));
  try {
    await work(folders);
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

describe('DiskImageStore', () => {
  it('takes files over, streams parts of them, forgets them', () =>
    inFolders(async ([folder]) => {
      const store = new DiskImageStore(folder);
      const scratch = await store.scratchFile();
      await writeFile(scratch, '0123456789');
      await store.put('2026/11/22/1-0.png', scratch);
      expect(await store.size('2026/11/22/1-0.png')).toBe(10);
      expect(String(await buffer(await store.open('2026/11/22/1-0.png', { start: 2, end: 4 })))).toBe('234');
      await expect(readFile(scratch)).rejects.toThrow('ENOENT');
      await store.remove('2026/11/22/1-0.png');
      await store.remove('2026/11/22/1-0.png');
      expect(await store.size('2026/11/22/1-0.png')).toBeNull();
      await expect(store.open('2026/11/22/1-0.png')).rejects.toThrow(FileMissingError);
    }));

  it.each(['../x', '/etc/passwd', 'a/../../b', 'a//b', '', '.', 'store.id/..', 'A.png', 'a\0b', '.incoming/x'])(
    'refuses the name %p',
    (name) =>
      inFolders(async ([folder]) => {
        await expect(new DiskImageStore(folder).open(name)).rejects.toThrow('no name of a kept picture');
      }),
  );

  it('sweeps what dead processes left, and only that', () =>
    inFolders(async ([folder]) => {
      const store = new DiskImageStore(folder);
      const [old, young] = [await store.scratchFile(), await store.scratchFile()];
      await writeFile(old, 'x');
      await writeFile(young, 'x');
      await utimes(old, 1_000, 1_000);
      await store.sweep(new Date());
      await expect(readFile(old)).rejects.toThrow('ENOENT');
      expect(String(await readFile(young))).toBe('x');
    }));

  it('has one identity, whoever comes first', () =>
    inFolders(async ([folder]) => {
      const ids = ['a', 'b', 'c', 'd'].map((id) => id.repeat(8));
      const found = await Promise.all(ids.map((id) => new DiskImageStore(folder).identify(id)));
      expect(new Set(found).size).toBe(1);
      expect(await new DiskImageStore(folder).identity()).toBe(found[0]);
    }));
});

describe('StoreIdentity', () => {
  let fixture: AssetFixture;
  beforeEach(async () => {
    fixture = await AssetFixture.create();
  });
  afterEach(() => fixture.destroy());

  async function check(folder: string): Promise<StoreIdentity> {
    const identity = new StoreIdentity(fixture.database, new DiskImageStore(folder));
    expect(identity.problem()).not.toBeNull();
    await identity.check();
    return identity;
  }

  async function keepOne(): Promise<void> {
    const replica = await fixture.replica();
    const key = await fixture.want(fixture.origin.serve('/one', await drawGrid(64)));
    await replica.keeper.keepNow(key);
    await eventually(async () => (await fixture.row(replica, key)).state === 'kept');
    await replica.keeper.drain();
  }

  it('accepts replicas that share a folder, also when they start together', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => check(fixture.folder)));
    await Promise.all(all.map((identity) => identity.check()));
    expect(all.map((identity) => identity.problem())).toEqual(all.map(() => null));
    expect((await check(fixture.folder)).problem()).toBeNull();
  });

  it('refuses an empty folder once something was kept', () =>
    inFolders(async ([other]) => {
      await keepOne();
      expect((await check(other)).problem()).toMatch(ADVICE);
      expect(await new DiskImageStore(other).identity()).toBeNull();
      expect((await check(fixture.folder)).problem()).toBeNull();
    }));

  it('refuses a folder of another database', () =>
    inFolders(async ([other]) => {
      await new DiskImageStore(other).identify('11111111-1111-4111-8111-111111111111');
      await check(fixture.folder);
      expect((await check(other)).problem()).toMatch(ADVICE);
    }));

  it('lets one of two folders win while nothing was kept, and tells the other', () =>
    inFolders(async ([first, second]) => {
      const one = await check(first);
      const two = await check(second);
      await Promise.all([one.check(), two.check()]);
      const problems = [one, two].map((identity) => identity.problem());
      expect(problems.filter((problem) => problem === null)).toHaveLength(1);
      expect(problems.find((problem) => problem !== null)).toMatch(ADVICE);
    }));

  it('takes a folder along to a new database', async () => {
    await new DiskImageStore(fixture.folder).identify('22222222-2222-4222-8222-222222222222');
    expect((await check(fixture.folder)).problem()).toBeNull();
    expect(await fixture.sql('select id, kind from store where is_current')).toEqual([
      { id: '22222222-2222-4222-8222-222222222222', kind: 'disk' },
    ]);
  });

  it('says so when the folder cannot be used', () =>
    inFolders(async ([folder]) => {
      await writeFile(join(folder, 'file'), '');
      expect((await check(join(folder, 'file'))).problem()).toMatch(/cannot be used \(\w+\)/);
    }));

  it('keeps nothing into a folder that is not the right one', () =>
    inFolders(async ([other]) => {
      await keepOne();
      const right = fixture.folder;
      Object.assign(fixture, { folder: other });
      const lost = await fixture.replica();
      Object.assign(fixture, { folder: right });
      const key = await fixture.want(fixture.origin.serve('/two', await drawGrid(64)));
      await lost.keeper.tick();
      expect(await lost.keeper.keepNow(key)).toEqual({ kind: 'stopped' });
      expect(fixture.origin.hits.get('/two')).toBeUndefined();
      await lost.keeper.drain();
    }));
});
