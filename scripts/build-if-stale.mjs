// Builds dist unless it already is what the sources would give. `--force` builds always.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
const STAMP = join(ROOT, 'dist/.built');
/** Not in dist, which a build removes first. */
const LOCK = join(ROOT, 'node_modules/.cache/journeyman-build.lock');
const LOCK_WAIT_MS = 180_000;
/** Programs of node_modules with their parameters. The first one empties dist. */
const STEPS = [
  ['@nestjs/cli/bin/nest.js', 'build', 'gateway'],
  // The types of the gateway's API, of which Studio is made.
  ['openapi-typescript/bin/cli.js', 'openapi.json', '--output', 'apps/studio/generated/openapi.ts'],
  ['vite/bin/vite.js', 'build', 'apps/studio', '--logLevel', 'warn'],
];

/** Changes whenever a source is changed, added, removed or replaced by an older one. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(ROOT, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  };
  const visit = (folder) => {
    const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
    if (folder.endsWith('/generated')) return;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.(tsx?|json|css|html|js|svg|png)$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name)) add(path);
    }
  };
  visit('apps');
  visit('libs');
  for (const name of readdirSync(ROOT).sort()) {
    if (/^(package|nest-cli|openapi|tsconfig.*)\.json$/.test(name)) add(name);
  }
  return hash.digest('hex');
}

function isBuilt() {
  try {
    return readFileSync(STAMP, 'utf8') === fingerprint();
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function build() {
  // Taken before the build: what is edited meanwhile counts as newer than it.
  const built = fingerprint();
  rmSync(STAMP, { force: true });
  for (const [program, ...parameters] of STEPS) {
    const path = join(ROOT, 'node_modules', program);
    const { status, signal } = spawnSync(process.execPath, [path, ...parameters], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`The build failed (${signal ?? `code ${status}`}).`);
      return status || 1;
    }
  }
  writeFileSync(STAMP, built);
  return 0;
}

/** Only one build at a time may remove and write dist. @returns a function that gives the lock back. */
async function lock() {
  mkdirSync(join(LOCK, '..'), { recursive: true });
  for (const deadline = Date.now() + LOCK_WAIT_MS; ; await sleep(200)) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return () => rmSync(LOCK, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!holderLives() || Date.now() > deadline) rmSync(LOCK, { force: true });
  }
}

function holderLives() {
  try {
    const pid = Number(readFileSync(LOCK, 'utf8'));
    // An empty file is being written this moment.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function main() {
  const force = process.argv.includes('--force');
  if (!force && isBuilt()) return 0;
  const unlock = await lock();
  try {
    // Another process may have built while this one waited.
    return !force && isBuilt() ? 0 : build();
  } finally {
    unlock();
  }
}

process.exitCode = await main();
