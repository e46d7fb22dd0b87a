import { AssetFixture, drawGrid, type Replica } from '../../test/asset-fixture.js';
import type { AssetKey } from './asset.entity.js';
import { PictureRemover } from './picture-remover.js';
import { PictureReader } from '../serve/picture-reader.js';

describe('PictureRemover', () => {
  let fixture: AssetFixture;
  let replica: Replica;

  beforeAll(async () => {
    fixture = await AssetFixture.create();
    replica = await fixture.replica();
  });

  afterAll(async () => {
    await fixture.destroy();
  });

  afterEach(async () => {
    await fixture.sql("update asset set state = 'lost', file = null, next_at = null where state in ('kept', 'wanted')");
    await fixture.sql('delete from doomed_file');
  });

  function remover(keepDays: number, enabled = true): PictureRemover {
    return new PictureRemover(fixture.database, replica.store, replica.identity, { enabled, keepDays });
  }

  /** A kept picture whose bytes differ from all others by `mark`, kept some days ago. */
  async function kept(mark: string, days: number): Promise<AssetKey> {
    const bytes = await drawGrid(600 + 2 * mark.charCodeAt(0));
    const key = await fixture.want(fixture.origin.on(`/${mark}-${days}`, (_, answer) => answer.end(bytes)));
    await replica.keeper.keepNow(key);
    await age(key, days);
    return key;
  }

  const age = (key: AssetKey, days: number): Promise<object[]> =>
    fixture.sql("update asset set kept_at = now() - $2::integer * interval '1 day' where task_id = $1", [
      key.taskId,
      days,
    ]);

  const open = (key: AssetKey): Promise<{ kind: string }> =>
    new PictureReader(replica.table, replica.keeper, replica.store, { waitMs: 1_000 }).open(key);

  it('deletes what is old and leaves its numbers', async () => {
    const [old, young] = [await kept('a', 31), await kept('b', 29)];
    const { file, bytes } = await fixture.row(replica, old);
    await remover(30).tick();
    const row = await fixture.row(replica, old);
    expect(row).toMatchObject({ state: 'removed', file: null, bytes, sourceUrl: '' });
    expect(row.width).toBeGreaterThan(0);
    expect(row.removedAt).not.toBeNull();
    expect(await replica.store.size(file ?? '')).toBeNull();
    expect(await fixture.sql('select file from doomed_file')).toEqual([]);
    expect(await open(old)).toEqual({ kind: 'none' });
    expect(await open(young)).toMatchObject({ kind: 'kept' });
  });

  it('keeps everything where no age is set, and where another process has the job', async () => {
    const key = await kept('c', 10_000);
    await remover(0).tick();
    await remover(30, false).tick();
    expect(await open(key)).toMatchObject({ kind: 'kept' });
  });

  it('stores equal pictures once, and deletes the file with the last of them', async () => {
    const [first, second] = [await kept('d', 40), await kept('d', 20)];
    const [a, b] = [await fixture.row(replica, first), await fixture.row(replica, second)];
    expect(b.file).toBe(a.file);
    await remover(30).tick();
    expect((await fixture.row(replica, first)).state).toBe('removed');
    expect(await open(second)).toMatchObject({ kind: 'kept' });
    expect(await replica.store.size(b.file ?? '')).toBe(b.bytes);
    await age(second, 31);
    await remover(30).tick();
    expect(await replica.store.size(b.file ?? '')).toBeNull();
  });

  it('fetches a picture anew whose twin was deleted from the store', async () => {
    const first = await kept('e', 1);
    await replica.store.removeWithVariants((await fixture.row(replica, first)).file ?? '');
    const second = await kept('e', 2);
    expect((await fixture.row(replica, second)).file).not.toBe((await fixture.row(replica, first)).file);
    expect(await open(second)).toMatchObject({ kind: 'kept' });
  });

  it('forgets the pictures of one task, wanted ones too', async () => {
    const mine = await kept('f', 0);
    const wanted = { ...mine, n: 1 };
    await fixture.sql("insert into asset (task_id, kind, n, source_url) values ($1, 'image', 1, 'http://x/')", [
      mine.taskId,
    ]);
    const { file } = await fixture.row(replica, mine);
    expect(await remover(0).removeOfTask(mine.taskId)).toBe(2);
    expect(await remover(0).removeOfTask(mine.taskId)).toBe(0);
    await remover(0).tick();
    expect(await replica.store.size(file ?? '')).toBeNull();
    expect(await open(wanted)).toEqual({ kind: 'none' });
  });

  it('tries a file again that the store would not delete', async () => {
    const key = await kept('g', 40);
    const { file } = await fixture.row(replica, key);
    const refusing = jest.spyOn(replica.store, 'removeWithVariants').mockRejectedValue(new Error('read-only'));
    await remover(30).tick();
    refusing.mockRestore();
    expect((await fixture.row(replica, key)).state).toBe('removed');
    await fixture.sql('update doomed_file set next_at = now()');
    await remover(30).tick();
    expect(await replica.store.size(file ?? '')).toBeNull();
  });
});
