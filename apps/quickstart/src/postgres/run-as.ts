import { spawnSync, type SpawnOptions } from 'node:child_process';
import { join } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { type PostgresBinaries } from './binaries.js';

/** How PostgreSQL, which refuses to be root, is run. */
export type RunAs =
  | { kind: 'self' }
  /** Root here, user 1000 in a user namespace of its own: files stay root's, no folder has to be opened to others. */
  | { kind: 'namespace' }
  | { kind: 'user'; name: string; uid: number; gid: number };

/** What to give to `spawn`. */
export interface Command {
  file: string;
  args: string[];
  options: SpawnOptions & { env: NodeJS.ProcessEnv };
}

const NAMESPACE = ['--user', '--map-user=1000', '--map-group=1000'];

/**
 * Chooses for the user of this process.
 * @throws QuickstartError for root without user namespaces and without a user to run as.
 */
export function chooseRunAs(binaries: PostgresBinaries, searchPath: string): RunAs {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const env = postgresEnvironment(searchPath);
  const probe = spawnSync('unshare', [...NAMESPACE, join(binaries.root, 'bin/postgres'), '--version'], { env });
  if (probe.status === 0) return { kind: 'namespace' };
  const idOf = (flag: '-u' | '-g', name: string): number | undefined => {
    const { status, stdout } = spawnSync('id', [flag, name], { env, encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && uid !== 0 && gid !== undefined) return { kind: 'user', name, uid, gid };
  }
  throw new QuickstartError(
    'PostgreSQL refuses to run as root, and there is neither a user namespace nor a user `postgres` or `nobody`: run npm start as a normal user, or set DATABASE_URL.',
  );
}

/** The command line that runs `file` the chosen way. */
export function commandAs(runAs: RunAs, searchPath: string, file: string, args: string[]): Command {
  const env = postgresEnvironment(searchPath);
  switch (runAs.kind) {
    case 'self':
      return { file, args, options: { env } };
    case 'namespace':
      return { file: 'unshare', args: [...NAMESPACE, file, ...args], options: { env } };
    case 'user':
      return { file, args, options: { env, uid: runAs.uid, gid: runAs.gid, cwd: '/' } };
  }
}

/** A line for the terminal, e.g. `as user postgres`. */
export function describeRunAs(runAs: RunAs): string {
  switch (runAs.kind) {
    case 'self':
      return 'as this user';
    case 'namespace':
      return 'in a user namespace';
    case 'user':
      return `as user ${runAs.name}`;
  }
}

/** The caller's own variables stay out: locale and PG* would change what the server does. */
function postgresEnvironment(searchPath: string): NodeJS.ProcessEnv {
  return { PATH: searchPath, LC_ALL: 'C', TZ: 'UTC' };
}
