import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Older than this by the wall clock, a scratch file belongs to a process that died. A day, for that clock may be set by hours
 * while a file is written; what is younger goes when it has not changed between two sweeps.
 */
const SCRATCH_AGE_MS = 86_400_000;

/** What a probe writes: more than a file system finds room for in a folder's entry. */
const PROBE_BYTES = 65_536;

/** A local folder for bytes that are about to be put into a store. */
export class ScratchFolder {
  /** What the last sweep left, and when it was last written to. */
  private left = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** A path in it where no file is yet; makes the folder. */
  async file(): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    return join(this.folder, randomUUID());
  }

  /** Writes a file and deletes it. @throws what that throws, on a full disk too */
  async probe(): Promise<void> {
    const path = await this.file();
    try {
      await writeFile(path, Buffer.alloc(PROBE_BYTES, 1), { flag: 'wx', mode: 0o640 });
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Deletes files that processes left when they died. To be called at most once an hour: no file takes as long. */
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
