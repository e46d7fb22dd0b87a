import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { SecretBox } from '#libs/database';
import type { Job } from '#libs/runtime';
import { AssetFixture, drawGrid, type Replica } from '../../test/asset-fixture.js';
import { CONVERTER_DEFAULTS, ConverterPool } from '../conversion/converter-pool.js';
import { PictureRemover } from '../keep/picture-remover.js';
import { InputPictures, InputsUnavailableError } from './input-pictures.js';
import { InputReader } from './input-reader.js';
import { InputRemover } from './input-remover.js';
import { InputTable } from './input-table.js';
import { MaskConverter } from './mask-converter.js';
import { SET_BACK_INPUTS } from './set-back.js';

const PUBLIC_URL = 'https://mj.example/base';
const LINK = /^https:\/\/mj\.example\/base\/mj\/input\/([A-Za-z0-9_-]{32}\.[a-z]+)$/;

describe('InputPictures', () => {
  let fixture: AssetFixture;
  let replica: Replica;
  let table: InputTable;
  let converters: ConverterPool;
  let inputs: InputPictures;
  let png: Buffer;

  beforeAll(async () => {
    fixture = await AssetFixture.create();
    replica = await fixture.replica();
    table = new InputTable(fixture.database);
    converters = new ConverterPool(CONVERTER_DEFAULTS);
    inputs = made(PUBLIC_URL);
    png = await drawGrid(300);
  });

  afterAll(async () => {
    converters.onApplicationShutdown();
    await fixture.destroy();
  });

  function made(publicUrl: string | null, key = 1): InputPictures {
    const { store, identity, health } = replica;
    const secrets = new SecretBox(Buffer.alloc(32, key));
    return new InputPictures(table, new MaskConverter(converters), store, identity, health, secrets, publicUrl);
  }

  /** A task that runs. */
  async function task(): Promise<string> {
    const { taskId } = await fixture.want('http://nowhere.example/x.png');
    await fixture.sql(
      "update task set status = 'IN_PROGRESS', progress = 50, submitted_at = now() - interval '9 days', finished_at = null where id = $1",
      [taskId],
    );
    return taskId;
  }

  const publish = (taskId: string, bytes: Uint8Array = png): Promise<string> =>
    inputs.publish({ taskId, upstreamId: fixture.upstreamId, bytes });

  const nameOf = (url: string): string => LINK.exec(url)?.[1] ?? '';
  const reader = (): InputReader => new InputReader(table, replica.store);

  async function read(url: string): Promise<Buffer | null> {
    const picture = await reader().find(nameOf(url));
    if (picture === null) return null;
    const span = { start: 0, end: picture.bytes - 1 };
    return buffer(await reader().read(picture, span, (one) => one(), new AbortController().signal));
  }

  const jobs: Job[] = [];
  const remover = (keepDays = 0, enabled = true): InputRemover =>
    new InputRemover({ add: (job: Job) => jobs.push(job) }, table, { enabled, keepDays });
  const count = async (taskId: string): Promise<number> =>
    (await fixture.sql('select 1 from input_picture where task_id = $1', [taskId])).length;

  it('publishes a picture at a link that is the same each time, and of which only a hash is stored', async () => {
    const taskId = await task();
    const url = await publish(taskId);
    expect(url).toMatch(LINK);
    expect(await publish(taskId)).toBe(url);
    expect(await count(taskId)).toBe(1);
    expect(await read(url)).toEqual(png);
    const [row] = await fixture.sql<{ text: string }>(
      'select (to_jsonb(i) - $2)::text as text from input_picture i where task_id = $1',
      [taskId, 'content'],
    );
    expect(row?.text).not.toContain(nameOf(url).split('.')[0]);
    expect(nameOf(url)).not.toContain(taskId);
  });

  it('binds a link to picture, task and secret', async () => {
    const [one, other] = [await task(), await task()];
    const urls = [
      await publish(one),
      await publish(other),
      await publish(one, await drawGrid(302)),
      await made(PUBLIC_URL, 2).publish({ taskId: one, upstreamId: fixture.upstreamId, bytes: png }),
      await inputs.keepUpload({ taskId: one, bytes: png }),
    ];
    expect(new Set(urls).size).toBe(5);
  });

  it('ends a link after its time, and begins another time when it is published again', async () => {
    const taskId = await task();
    const url = await publish(taskId);
    const [{ hours }] = await fixture.sql<{ hours: number }>(
      'select round(extract(epoch from expires_at - now()) / 3600)::int as hours from input_picture where task_id = $1',
      [taskId],
    );
    expect(hours).toBe(6);
    await fixture.sql('update input_picture set expires_at = now() where task_id = $1', [taskId]);
    expect(await read(url)).toBeNull();
    expect(await publish(taskId)).toBe(url);
    expect(await read(url)).toEqual(png);
  });

  it('ends a link an hour after its task', async () => {
    const taskId = await task();
    const url = await publish(taskId);
    await fixture.sql(
      "update task set status = 'SUCCESS', progress = 100, finished_at = now() - interval '59 minutes' where id = $1",
      [taskId],
    );
    expect(await read(url)).toEqual(png);
    await fixture.sql("update task set finished_at = now() - interval '61 minutes' where id = $1", [taskId]);
    expect(await read(url)).toBeNull();
  });

  it('removes what is over, and nothing else', async () => {
    const [live, old, ended] = [await task(), await task(), await task()];
    for (const id of [live, old, ended]) await publish(id);
    await fixture.sql('update input_picture set expires_at = now() where task_id = $1', [old]);
    await fixture.sql(
      "update task set status = 'SUCCESS', progress = 100, finished_at = now() - interval '61 minutes' where id = $1",
      [ended],
    );
    remover(0, false);
    expect(jobs).toEqual([]);
    await remover().tick();
    expect([await count(live), await count(old), await count(ended)]).toEqual([1, 0, 0]);
    await fixture.sql('delete from task where id = $1', [live]);
    expect(await count(live)).toBe(0);
  });

  it('goes with the other pictures of its task when an operator removes them', async () => {
    const taskId = await task();
    const links = [await publish(taskId), await inputs.keepUpload({ taskId, bytes: png })];
    const pictures = new PictureRemover(fixture.database, replica.store, replica.identity, {
      enabled: true,
      keepDays: 0,
    });
    // What its fixture wants, and the upload.
    expect(await pictures.removeOfTask(taskId)).toBe(2);
    for (const link of links) expect(await read(link)).toBeNull();
    await pictures.tick();
    expect((await fixture.files()).filter((name) => name.startsWith(taskId))).toEqual([]);
  });

  it('tells once that an upstream fetched a link, and again when another one was given it', async () => {
    const taskId = await task();
    const url = await publish(taskId);
    const fetched = async (): Promise<string | null> => {
      const picture = await reader().find(nameOf(url));
      return picture === null ? 'none' : reader().noteFetch(picture);
    };
    expect(await fetched()).toBe(fixture.upstreamId);
    expect(await fetched()).toBeNull();
    await publish(taskId);
    expect(await fetched()).toBeNull();
    const [{ id }] = await fixture.sql<{ id: string }>(
      "insert into upstream (name, base_url) values ('other', 'http://other.example') returning id",
    );
    await inputs.publish({ taskId, upstreamId: id, bytes: png });
    expect(await fetched()).toBe(id);
  });

  it('finds nothing for names that no link has', async () => {
    const url = await publish(await task());
    const [token = ''] = nameOf(url).split('.');
    const names = [
      token,
      `${token}.jpg`,
      `${token}.png.png`,
      `${token}.`,
      `x${token}.png`,
      `${token.slice(1)}.png`,
      '',
    ];
    for (const name of names) expect(await reader().find(name)).toBeNull();
  });

  it('reads a large picture in pieces, or a part of it', async () => {
    const { data } = await sharp({
      create: { width: 900, height: 900, channels: 3, background: '#888', noise: { type: 'gaussian', sigma: 60 } },
    })
      .png()
      .toBuffer({ resolveWithObject: true });
    const url = await publish(await task(), data);
    expect(data.length).toBeGreaterThan(600_000);
    expect((await read(url))?.equals(data)).toBe(true);
    const picture = await reader().find(nameOf(url));
    if (picture === null) throw new Error('it is there');
    const span = { start: 262_000, end: 530_000 };
    const part = await reader().read(picture, span, (one) => one(), new AbortController().signal);
    expect((await buffer(part)).equals(data.subarray(262_000, 530_001))).toBe(true);
  });

  it('publishes nothing without an address, and no bytes that are no picture', async () => {
    const taskId = await task();
    const input = { taskId, upstreamId: fixture.upstreamId, bytes: png };
    await expect(made(null).publish(input)).rejects.toMatchObject({ reason: 'no_public_url' });
    await expect(made(null).keepUpload(input)).rejects.toThrow(InputsUnavailableError);
    await expect(publish(taskId, Buffer.from('<svg/>'))).rejects.toMatchObject({ name: 'PictureRefusedError' });
    expect(await count(taskId)).toBe(0);
  });

  it('takes times back that a clock told before it was set back', async () => {
    const taskId = await task();
    await publish(taskId);
    const day = "interval '1 day'";
    await fixture.sql(
      `update input_picture set published_at = now() + ${day}, expires_at = expires_at + ${day} where task_id = $1`,
      [taskId],
    );
    await fixture.database.run(SET_BACK_INPUTS, { byMs: 86_400_000 });
    const [row] = await fixture.sql(
      `select published_at <= now() as past, expires_at < now() + interval '7 hours' as near
        from input_picture where task_id = $1`,
      [taskId],
    );
    expect(row).toEqual({ past: true, near: true });
  });

  describe('an upload', () => {
    const doomed = (): Promise<object[]> => fixture.sql('select file from doomed_file');

    it('is kept in the store, once, whatever becomes of its task', async () => {
      const taskId = await task();
      const url = await inputs.keepUpload({ taskId, bytes: png });
      expect(await inputs.keepUpload({ taskId, bytes: png })).toBe(url);
      expect((await fixture.files()).filter((name) => name.startsWith(taskId))).toHaveLength(1);
      await fixture.sql(
        "update task set status = 'SUCCESS', progress = 100, finished_at = now() - interval '2 days' where id = $1",
        [taskId],
      );
      await remover(0).tick();
      expect(await read(url)).toEqual(png);
      expect(await doomed()).toEqual([]);
      expect(await reader().noteFetch((await reader().find(nameOf(url))) ?? never())).toBeNull();
    });

    it('goes with pictures of its age, and its file after it', async () => {
      const taskId = await task();
      const url = await inputs.keepUpload({ taskId, bytes: png });
      await fixture.sql("update input_picture set published_at = now() - interval '31 days' where task_id = $1", [
        taskId,
      ]);
      await remover(32).tick();
      expect(await read(url)).toEqual(png);
      await remover(30).tick();
      expect(await read(url)).toBeNull();
      await new PictureRemover(fixture.database, replica.store, replica.identity, {
        enabled: true,
        keepDays: 30,
      }).tick();
      expect((await fixture.files()).filter((name) => name.startsWith(taskId))).toEqual([]);
      expect(await doomed()).toEqual([]);
    });

    it('leaves no file for ever where its row was not written', async () => {
      await expect(inputs.keepUpload({ taskId: '6249999999999999', bytes: png })).rejects.toThrow();
      expect(await doomed()).toHaveLength(1);
      await fixture.sql('update doomed_file set next_at = now()');
      await new PictureRemover(fixture.database, replica.store, replica.identity, {
        enabled: true,
        keepDays: 0,
      }).tick();
      expect((await fixture.files()).filter((name) => name.startsWith('6249999999999999'))).toEqual([]);
    });
  });
});

function never(): never {
  throw new Error('it is there');
}
