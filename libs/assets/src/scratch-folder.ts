import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Older than this, a scratch file belongs to a process that died. */
const SCRATCH_AGE_MS = 3_600_000;

/** A local folder for bytes that are about to be put into a store. */
export class ScratchFolder {
  constructor(private readonly folder: string) {}

  /** A path in it where no file is yet; makes the folder. */
  async file(): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o750 });
    return join(this.folder, randomUUID());
  }

  /** Deletes files that processes left when they died. */
  async sweep(now: Date): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => null);
      if (found !== null && now.getTime() - found.mtimeMs > SCRATCH_AGE_MS) await rm(path, { force: true });
    }
  }
}
