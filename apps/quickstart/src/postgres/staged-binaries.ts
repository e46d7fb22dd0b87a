import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { type PostgresBinaries } from './binaries.js';
import { ownFolder } from './cluster-home.js';
import { commandAs, type RunAs } from './run-as.js';

/**
 * The binaries at a place where `runAs` can run them: where they are, else a copy (60 MB, made once) below
 * `/var/lib/journeyman` or `/var/tmp`. A project below `/root` needs the copy.
 * @throws QuickstartError when they run nowhere, with the system's reason.
 */
export async function reachableBinaries(
  binaries: PostgresBinaries,
  runAs: RunAs,
  searchPath: string,
): Promise<PostgresBinaries> {
  const inPlace = whyNotRunnable(binaries, runAs, searchPath);
  if (inPlace === undefined) return binaries;
  if (runAs.kind === 'user') {
    const name = `binaries-${createHash('sha256').update(binaries.root).digest('hex').slice(0, 12)}`;
    for (const parent of ['/var/lib/journeyman', '/var/tmp/journeyman']) {
      const copy = { root: join(parent, name) };
      try {
        ownFolder(parent, runAs);
        if (whyNotRunnable(copy, runAs, searchPath) === undefined) return copy;
        const draft = `${copy.root}.${randomBytes(4).toString('hex')}`;
        await cp(binaries.root, draft, { recursive: true, verbatimSymlinks: true });
        await rm(copy.root, { recursive: true, force: true });
        await rename(draft, copy.root);
        if (whyNotRunnable(copy, runAs, searchPath) === undefined) return copy;
      } catch {
        // A read-only or full place: the next one may do.
      }
    }
  }
  throw new QuickstartError(
    `The embedded PostgreSQL does not run here (${inPlace}): set DATABASE_URL to a PostgreSQL of version 15 or newer.`,
  );
}

/** The major version of the binaries, e.g. `18`. */
export function majorVersion(binaries: PostgresBinaries, runAs: RunAs, searchPath: string): string {
  const { stdout } = version(binaries, runAs, searchPath);
  return /(\d+)/.exec(stdout)?.[1] ?? '';
}

function whyNotRunnable(binaries: PostgresBinaries, runAs: RunAs, searchPath: string): string | undefined {
  const { status, stderr, error } = version(binaries, runAs, searchPath);
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}

function version(binaries: PostgresBinaries, runAs: RunAs, searchPath: string) {
  const { file, args, options } = commandAs(runAs, searchPath, join(binaries.root, 'bin/postgres'), ['--version']);
  return spawnSync(file, args, { ...options, stdio: 'pipe', encoding: 'utf8' });
}
