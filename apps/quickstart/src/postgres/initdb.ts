import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { type PostgresBinaries } from './binaries.js';
import { handOver } from './cluster-home.js';
import { ROLE, writeClusterState } from './cluster-state.js';
import { commandAs, type RunAs } from './run-as.js';

/** Where and as whom PostgreSQL's programs work. */
export interface ClusterPlace {
  binaries: PostgresBinaries;
  runAs: RunAs;
  searchPath: string;
  /** Folder of the cluster's `data`, state and log. */
  home: string;
}

/**
 * Makes the cluster `<home>/data` and keeps its password. It is made beside its place and then renamed, so a run
 * that is killed in between leaves no half cluster behind.
 * @returns the new password.
 */
export async function createCluster(place: ClusterPlace, options: { sync: boolean }): Promise<string> {
  const { home, runAs } = place;
  for (const name of await readdir(home)) {
    if (name.startsWith('new-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const draft = join(home, `new-${randomBytes(6).toString('hex')}`);
  const passwordFile = `${draft}-password`;
  const password = randomBytes(24).toString('base64url');
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs.kind === 'user') chownSync(passwordFile, runAs.uid, runAs.gid);
  handOver(draft, runAs);
  try {
    await run(place, 'initdb', [
      ...['-D', draft, '-U', ROLE, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...(options.sync ? [] : ['--no-sync']),
    ]);
    await writeClusterState(home, { password });
    await rename(draft, join(home, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
  return password;
}

/** Gives the stopped cluster a new password, for one whose state file was lost. */
export async function resetPassword(place: ClusterPlace): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  const input = `ALTER ROLE ${ROLE} PASSWORD '${password}'\n`;
  await run(place, 'postgres', ['--single', '-D', join(place.home, 'data'), 'postgres'], input);
  await writeClusterState(place.home, { password });
  return password;
}

/** Runs to its end in a process group of its own: a Ctrl-C during the first start must not cut it short. */
function run(place: ClusterPlace, program: 'initdb' | 'postgres', args: string[], input = ''): Promise<void> {
  const command = commandAs(place.runAs, place.searchPath, join(place.binaries.root, 'bin', program), args);
  const child = spawn(command.file, command.args, { ...command.options, detached: true, stdio: 'pipe' });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-2_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new QuickstartError(`${program} failed (${code ?? signal}):\n${output.trim()}`));
    });
  });
}
