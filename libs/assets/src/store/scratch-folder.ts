import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A scratch file that is older by the wall clock belongs to a process that died. A day, because that clock may be set by
 * hours while a file is written; a younger file is deleted when it has not changed between two sweeps.
 */
const SCRATCH_AGE_MS = 86_400_000;

/** Bytes that a probe writes: more than a file system stores inside a folder's entry. */
const PROBE_BYTES = 65_536;

/** A local folder for bytes that are about to be put into a store. */
export class ScratchFolder {
  /** Files that the last sweep left, with the time of their last write. */
  private left = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** A path in the folder where no file exists yet; makes the folder. */
  async file(): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    return join(this.folder, randomUUID());
  }

  /** Writes a file and deletes it. @throws the error of the write, also where the disk is full */
  async probe(): Promise<void> {
    const path = await this.file();
    try {
      await writeFile(path, Buffer.alloc(PROBE_BYTES, 1), { flag: 'wx', mode: 0o640 });
    } finally {
      await rm(path, { force: true });
    }
  }

  /**
   * Deletes files that processes left when they died. To be called at most once an hour, because no write takes that
   * long.
   */
  async sweep(now: Date): Promise<void> {
    const left = new Map<string, number>();
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (found === null) continue;
      const isDead = now.getTime() - found.mtimeMs > SCRATCH_AGE_MS || this.left.get(name) === found.mtimeMs;
      if (isDead) await rm(path, { force: true });
      else left.set(name, found.mtimeMs);
    }
    this.left = left;
  }
}
