import { createReadStream, open as openWithCallback } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { errorCode } from './error-code.js';
import { storedName, variantPrefixes } from './file-name.js';
import { FileMissingError, ImageStore, type ByteSpan, type LocalFile } from './image-store.js';
import { ScratchFolder } from './scratch-folder.js';

/** Bytes of one read. */
const PIECE_BYTES = 256 * 1024;
/** Opens a plain descriptor, from which streams read at two thirds of the CPU of a FileHandle. */
const openFile = promisify(openWithCallback) as (path: string, flags: string) => Promise<number>;
const ID_FILE = 'store.id';
/** Scratch folder inside the store, so that putting a file is a rename within one file system. */
const SCRATCH = '.incoming';

function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

/** Pictures in a folder. Several replicas may share it over a network file system with atomic renames. */
export class DiskImageStore extends ImageStore {
  readonly kind = 'disk';
  readonly location: string;
  private readonly scratch: ScratchFolder;

  /** @param folder made when it is first written to */
  constructor(folder: string) {
    super();
    this.location = resolve(folder);
    this.scratch = new ScratchFolder(join(this.location, SCRATCH));
  }

  scratchFile(): Promise<string> {
    return this.scratch.file();
  }

  async put(name: string, scratchFile: string): Promise<void> {
    const path = this.pathOf(name);
    await mkdir(dirname(path), { recursive: true, mode: 0o750 });
    await flush(scratchFile);
    await rename(scratchFile, path);
    await flush(dirname(path));
  }

  async open(name: string, span?: ByteSpan): Promise<Readable> {
    try {
      const fd = await openFile(this.pathOf(name), 'r');
      return createReadStream('', { fd, ...span, highWaterMark: PIECE_BYTES });
    } catch (error) {
      throw isMissing(error) ? new FileMissingError(name, error) : error;
    }
  }

  async borrow(name: string): Promise<LocalFile> {
    if ((await this.size(name)) === null) throw new FileMissingError(name);
    return { path: this.pathOf(name), release: () => Promise.resolve() };
  }

  async size(name: string): Promise<number | null> {
    try {
      return (await stat(this.pathOf(name))).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async removeWithVariants(name: string): Promise<void> {
    const path = this.pathOf(name);
    const beginnings = variantPrefixes(basename(path));
    const names = await readdir(dirname(path)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const doomed = names.filter((found) => beginnings.some((beginning) => found.startsWith(beginning)));
    for (const found of doomed) await rm(join(dirname(path), found), { force: true });
  }

  async identity(): Promise<string | null> {
    try {
      return (await readFile(join(this.location, ID_FILE), 'utf8')).trim();
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async identify(id: string): Promise<string> {
    await mkdir(this.location, { recursive: true, mode: 0o750 });
    const scratch = await this.scratchFile();
    await writeWhole(scratch, `${id}\n`);
    try {
      // A link fails where a rename would replace, so that of several replicas at their first start one wins.
      await linkOnce(scratch, join(this.location, ID_FILE));
    } finally {
      await rm(scratch, { force: true });
    }
    return (await this.identity()) ?? id;
  }

  probe(): Promise<void> {
    return this.scratch.probe();
  }

  async sweep(now: Date): Promise<void> {
    await this.scratch.sweep(now);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private pathOf(name: string): string {
    return join(this.location, storedName(name));
  }
}

/** Makes a file or a folder's entries survive a power cut. */
async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o640);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Leaves an existing file alone. Where the file system knows no links, the last of two first starts wins. */
async function linkOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return;
    if (!NO_LINKS.has(code)) throw error;
    await rename(from, to);
  }
}
