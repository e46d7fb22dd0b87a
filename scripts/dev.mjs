// `npm run dev`: builds gateway and Studio on every change and starts `npm start`'s processes again; its log lines are made readable.
import { spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const ENTRY = join(DIST, 'apps/quickstart/src/main.js');
const NEST = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
const TYPES = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
const PRETTY = join(ROOT, 'node_modules/pino-pretty/bin.js');
/** What the compiler prints when everything is written and nothing is wrong. */
const COMPILED = 'Found 0 errors';
/** What Vite prints when Studio is written. */
const BUNDLED = 'built in';

let running = null;
let isStopping = false;

function start() {
  const app = spawn(process.execPath, ['--enable-source-maps', ENTRY], {
    cwd: ROOT,
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  const pretty = spawn(process.execPath, [PRETTY, '--translateTime', 'HH:MM:ss.l', '--ignore', 'pid,hostname'], {
    stdio: [app.stdout, 'inherit', 'inherit'],
  });
  const ended = Promise.all([app, pretty].map((child) => new Promise((resolve) => child.once('exit', resolve))));
  return { app, ended };
}

async function stop() {
  const { app, ended } = running ?? {};
  running = null;
  app?.kill('SIGTERM');
  await ended;
}

/** Starts again, one time after another however often the compiler is done meanwhile. */
let restarts = Promise.resolve();
function restart() {
  restarts = restarts.then(stop).then(() => {
    if (!isStopping) running = start();
  });
}

/** Builds Studio on every change. To be called once the compiler has written dist, which it empties first. */
function watchStudio() {
  spawnSync(process.execPath, [TYPES, 'openapi.json', '--output', 'apps/studio/generated/openapi.ts'], { cwd: ROOT });
  const vite = spawn(process.execPath, [VITE, 'build', 'apps/studio', '--watch'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: vite.stdout }).on('line', (line) => {
    console.log(line);
    // The gateway knows the names of Studio's files from its start.
    if (line.includes(BUNDLED)) restart();
  });
  return vite;
}

function main() {
  let studio = null;
  // What the watching compiler writes is not what `npm start` took note of: that builds anew.
  rmSync(join(DIST, '.built'), { force: true });
  const compiler = spawn(process.execPath, [NEST, 'build', 'gateway', '--watch', '--preserveWatchOutput'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    console.log(line);
    if (!line.includes(COMPILED)) return;
    if (studio === null) studio = watchStudio();
    else restart();
  });
  const end = async () => {
    isStopping = true;
    compiler.kill('SIGTERM');
    studio?.kill('SIGTERM');
    await restarts;
    await stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void end());
  compiler.once('exit', () => void end());
}

main();
