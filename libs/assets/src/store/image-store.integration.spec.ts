import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { S3Server } from '../../test/s3-server.js';
import { DiskImageStore } from './disk-image-store.js';
import { FileMissingError, type ImageStore } from './image-store.js';
import { S3ImageStore } from './s3-image-store.js';

const FILE = '2026/11/22/6240000000000001-0.png';

describe.each(['disk', 's3'] as const)('an image store on %s', (kind) => {
  let folder: string;
  let server: S3Server | null = null;
  let store: ImageStore;

  /** Another one over the same files, as another replica has it. */
  function open(prefix = 'kept'): ImageStore {
    if (server === null) return new DiskImageStore(join(folder, prefix));
    const { bucket } = S3Server;
    return new S3ImageStore({ bucket, prefix, endpoint: server.url, scratchFolder: join(folder, 'scratch') });
  }

  async function put(name: string, text: string): Promise<string> {
    const scratch = await store.scratchFile();
    await writeFile(scratch, text);
    await store.put(name, scratch);
    return scratch;
  }

  const read = async (name: string, span?: { start: number; end: number }): Promise<string> =>
    String(await buffer(await store.open(name, span)));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journeyman-store-'));
    if (kind === 's3') server = await S3Server.start();
    store = open();
  });

  afterAll(async () => {
    await store.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('takes a file over, tells its size and streams it whole or in part', async () => {
    const scratch = await put(FILE, '0123456789');
    await expect(readFile(scratch)).rejects.toThrow('ENOENT');
    expect(await store.size(FILE)).toBe(10);
    expect(await read(FILE)).toBe('0123456789');
    expect(await read(FILE, { start: 2, end: 4 })).toBe('234');
    expect(await read(FILE, { start: 9, end: 9 })).toBe('9');
  });

  it('replaces a file', async () => {
    await put(FILE, 'first');
    await put(FILE, 'second');
    expect(await read(FILE)).toBe('second');
  });

  it('keeps megabytes as they are', async () => {
    const scratch = await store.scratchFile();
    const bytes = Buffer.alloc(5_000_001, 'journeyman');
    await writeFile(scratch, bytes);
    await store.put('2026/11/22/6240000000000002-0.png', scratch);
    expect((await buffer(await store.open('2026/11/22/6240000000000002-0.png'))).equals(bytes)).toBe(true);
  });

  it('says that it does not have a file', async () => {
    expect(await store.size('2026/11/22/7-0.png')).toBeNull();
    await expect(store.open('2026/11/22/7-0.png')).rejects.toThrow(FileMissingError);
  });

  it('removes a file with what was made out of it, and nothing else', async () => {
    const [mine, crop, narrow, other] = ['1-1.png', '1-1-crop2-w512.webp', '1-1-full.jpg', '1-11.png'].map(
      (name) => `2026/11/23/${name}`,
    );
    for (const name of [mine, crop, narrow, other]) await put(name, name);
    await store.removeWithVariants(mine);
    await store.removeWithVariants(mine);
    expect(await Promise.all([mine, crop, narrow].map((name) => store.size(name)))).toEqual([null, null, null]);
    expect(await read(other)).toBe(other);
    await store.removeWithVariants('2026/11/24/nothing-0.png');
  });

  it('has one identity, whoever looks', async () => {
    const fresh = open('fresh');
    expect(await fresh.identity()).toBeNull();
    const id = randomUUID();
    expect(await fresh.identify(id)).toBe(id);
    expect(await open('fresh').identity()).toBe(id);
    await fresh.close();
  });

  it.each(['../x', '/etc/passwd', 'a/../../b', 'a//b', '', '.', 'store.id/..', 'A.png', 'a\0b', '.incoming/x'])(
    'refuses the name %p',
    async (name) => {
      await expect(store.open(name)).rejects.toThrow('no name of a kept picture');
      await expect(store.removeWithVariants(name)).rejects.toThrow('no name of a kept picture');
    },
  );

  it('sweeps what dead processes left, and only that', async () => {
    const [old, young] = [await store.scratchFile(), await store.scratchFile()];
    await writeFile(old, 'x');
    await writeFile(young, 'x');
    await utimes(old, 1_000, 1_000);
    await store.sweep(new Date());
    await expect(readFile(old)).rejects.toThrow('ENOENT');
    expect(String(await readFile(young))).toBe('x');
  });

  it('sweeps no file that is being written, though the clock was set by hours', async () => {
    const [written, dead] = [await store.scratchFile(), await store.scratchFile()];
    await writeFile(written, 'x');
    await writeFile(dead, 'x');
    await utimes(dead, 2_000, 2_000);
    const inTwoHours = new Date(2_000_000 + 7_200_000);
    await store.sweep(inTwoHours);
    expect(String(await readFile(dead))).toBe('x');
    await utimes(written, 5_000, 5_000);
    await store.sweep(inTwoHours);
    await expect(readFile(dead)).rejects.toThrow('ENOENT');
    expect(String(await readFile(written))).toBe('x');
  });
});

it('says that an S3 store that is away has failed, and not that it has nothing', async () => {
  const server = await S3Server.start();
  const scratchFolder = join(tmpdir(), 'journeyman-away');
  const wrong = new S3ImageStore({ bucket: 'no-such-bucket', prefix: '', endpoint: server.url, scratchFolder });
  await expect(wrong.open(FILE)).rejects.not.toThrow(FileMissingError);
  await expect(wrong.identity()).rejects.toThrow();
  await server.stop();
  await wrong.close();
});
