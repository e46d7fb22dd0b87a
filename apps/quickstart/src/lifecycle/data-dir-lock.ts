import { randomBytes } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readIfPresent, writePrivateFile } from './private-file.js';
import { identify, isSameProcess, type ProcessIdentity } from './processes.js';
import { QuickstartError } from './quickstart-error.js';

/** A child that was started under the lock. */
export type NamedProcess = ProcessIdentity & { name: string };

interface LockContent {
  owner: ProcessIdentity;
  children: NamedProcess[];
}

/** The right of one quickstart to one DATA_DIR, as long as its process lives. */
export interface DataDirLock {
  /** Children of a killed run that have not ended yet. */
  leftBehind: NamedProcess[];
  /** Remembers a child, so that the next start can wait for it if this process is killed. */
  addChild(name: string, pid: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes `quickstart.lock` in `dataDir`. One of a process that is gone, or whose number another process has now, is
 * taken over.
 * @throws QuickstartError when another quickstart runs there.
 */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const path = join(dataDir, 'quickstart.lock');
  const content: LockContent = { owner: identify(process.pid), children: [] };
  let left: NamedProcess[] = [];
  for (;;) {
    if (await create(path, content)) break;
    const text = await readIfPresent(path);
    if (text === undefined) continue;
    const holder = parseLock(text);
    if (holder && isSameProcess(holder.owner)) {
      throw new QuickstartError(
        `Another quickstart (pid ${holder.owner.pid}) already runs on ${dataDir}. Stop it first, or start with another DATA_DIR and PORT.`,
      );
    }
    if (holder) left = holder.children.filter(isSameProcess);
    content.children = [...left];
    await removeStale(path, text);
  }
  return {
    leftBehind: left,
    addChild: async (name, pid) => {
      content.children.push({ name, ...identify(pid) });
      await writePrivateFile(path, JSON.stringify(content));
    },
    release: () => rm(path, { force: true }),
  };
}

/** Makes the file with its content in one step. @returns false when there is one. */
async function create(path: string, content: LockContent): Promise<boolean> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, JSON.stringify(content), { mode: 0o600, flag: 'wx' });
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the file if it still is the one judged; if another start was quicker, its file is put back. */
async function removeStale(path: string, judged: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
    if ((await readIfPresent(aside)) !== judged) await link(aside, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function parseLock(text: string): LockContent | undefined {
  try {
    const value = JSON.parse(text) as Partial<LockContent> | null;
    if (!Number.isInteger(value?.owner?.pid)) return undefined;
    return { owner: value!.owner!, children: Array.isArray(value!.children) ? value!.children : [] };
  } catch {
    return undefined;
  }
}
