import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetFixture, drawGrid, eventually } from '../../test/asset-fixture.js';
import { DiskImageStore } from './disk-image-store.js';
import { StoreIdentity } from './store-identity.js';
import { StoreHealth } from './store-health.js';

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
    const store = new DiskImageStore(folder);
    const identity = new StoreIdentity(fixture.database, store, new StoreHealth(store));
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
