import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lchownSync, lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { commandAs, type RunAs } from './run-as.js';

/**
 * Chooses the folder that holds the cluster (`data`), its password and its log. A place that already holds the
 * cluster of `wanted` wins; else the first that the server's user can reach: `wanted` itself, then
 * `/var/lib/journeyman/<hash of wanted>`, then `/var/tmp/journeyman/<hash>`. The folder exists afterwards.
 * @throws QuickstartError when an existing cluster is out of that user's reach, or no place is left.
 */
export function chooseClusterHome(wanted: string, runAs: RunAs, searchPath: string): string {
  const hash = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  const places = [
    { path: wanted },
    { parent: '/var/lib/journeyman', path: join('/var/lib/journeyman', hash) },
    { parent: '/var/tmp/journeyman', path: join('/var/tmp/journeyman', hash) },
  ];
  // A normal user's cluster never left `wanted`, and its hash elsewhere could be anybody's.
  const candidates = process.getuid?.() === 0 ? places : places.slice(0, 1);
  // The fallbacks lie in folders that others share: what stands there counts only if it is ours.
  const existing = candidates.find(
    ({ parent, path }) => existsSync(join(path, 'data')) && (parent === undefined || isOwn(path, runAs)),
  );
  if (existing) {
    // Also for root: taking over a normal user's cluster would lock that user out of it.
    assertOwn(existing.path, runAs);
    openTo(existing.path, runAs);
    if (!isReachable(existing.path, runAs, searchPath)) throw new QuickstartError(outOfReach(existing.path, runAs));
    return existing.path;
  }
  for (const { parent, path } of candidates) {
    try {
      if (parent !== undefined) ownFolder(parent, runAs);
      ownFolder(path, runAs);
    } catch (error) {
      if (candidates.length === 1) throw error;
      continue;
    }
    if (isReachable(path, runAs, searchPath)) return path;
  }
  throw new QuickstartError(
    `${describe(runAs)} can reach none of ${candidates.map(({ path }) => path).join(', ')}: choose a DATA_DIR that other users may traverse, or set DATABASE_URL.`,
  );
}

/**
 * Makes `path` unless it is there, open for traversal where another user runs the server.
 * @throws QuickstartError when it is a link or belongs to a user who is neither this one nor the server's.
 */
export function ownFolder(path: string, runAs: RunAs): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  assertOwn(path, runAs);
  openTo(path, runAs);
}

/** Gives `data` and everything in it to the user who runs the server; a no-op where it is so already. */
export function handOver(data: string, runAs: RunAs): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = runAs.kind === 'user' ? runAs : { uid: 0, gid: 0 };
  const visit = (path: string): void => {
    const stat = lstatSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    lchownSync(path, uid, gid);
  };
  // The top comes last, so a hand-over that was cut short is seen and done again.
  if (lstatSync(data).uid !== uid) visit(data);
}

function openTo(path: string, runAs: RunAs): void {
  if (runAs.kind === 'user') chmodSync(path, 0o711);
}

function isOwn(path: string, runAs: RunAs): boolean {
  if (process.getuid === undefined) return true;
  const stat = lstatSync(path);
  const owners = [process.getuid(), ...(runAs.kind === 'user' ? [runAs.uid] : [])];
  return stat.isDirectory() && owners.includes(stat.uid);
}

function assertOwn(path: string, runAs: RunAs): void {
  if (isOwn(path, runAs)) return;
  throw new QuickstartError(`${path} belongs to another user: start as that user, or choose another DATA_DIR.`);
}

function isReachable(path: string, runAs: RunAs, searchPath: string): boolean {
  const { file, args, options } = commandAs(runAs, searchPath, '/bin/sh', ['-c', 'cd "$1"', 'sh', path]);
  return spawnSync(file, args, { ...options, stdio: 'ignore' }).status === 0;
}

function outOfReach(path: string, runAs: RunAs): string {
  return `The database is in ${path}, which ${describe(runAs)} cannot reach: let other users traverse the folders above it (chmod o+x), or set DATABASE_URL.`;
}

function describe(runAs: RunAs): string {
  return runAs.kind === 'user' ? `user ${runAs.name}` : 'the server';
}
