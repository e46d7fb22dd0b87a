// Runs the built `npm start` once, as a newcomer would, and makes a picture with what it prints.
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..');
const START_LIMIT_MS = 60_000;
const PICTURE_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 20_000;
const REQUEST_LIMIT_MS = 15_000;
const LEAST_PICTURE_BYTES = 10_000;
/** What a newcomer has not set; anything else (PATH, HOME, npm's own) stays. */
const UNSET = [
  'DATABASE_URL',
  'UPSTREAM_URL',
  'SECRET_KEY',
  'API_KEY',
  'ADMIN_KEY',
  'PUBLIC_URL',
  'EGRESS_ALLOW',
  'HOST',
];

/** Starts `npm start`; `output` grows as it prints. */
function start(dataDir) {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: '0' };
  for (const name of [...UNSET, 'EMBEDDED_POSTGRES_PORT', 'ANONYMOUS', 'ROLE']) delete env[name];
  // A process group of its own: whatever happens here, all of it can be ended at once.
  const child = spawn('npm', ['start'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { child, output: '', exit: undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      run.output += text;
      process.stdout.write(text);
    });
  }
  child.once('exit', (code, signal) => {
    run.exit = { code, signal };
  });
  return run;
}

/** Waits for `look` to find something. */
async function until(what, withinMs, look) {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(200)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`${what}: not within ${withinMs / 1_000} s`);
}

function printed(run) {
  if (run.exit) throw new Error(`npm start ended (${run.exit.signal ?? `code ${run.exit.code}`}) before it was up`);
  if (!run.output.includes('Journeyman is up.')) return undefined;
  const url = /^ *API and docs +(http\S+)\/docs$/m.exec(run.output)?.[1];
  const key = /^ *API key +(sk-\S+)$/m.exec(run.output)?.[1];
  if (!run.output.includes('Ctrl-C stops everything.')) return undefined;
  if (!url || !key) throw new Error('the printed block shows no address or no API key');
  return { url, key };
}

async function request(url, options = {}) {
  const method = options.method ?? 'GET';
  let response, body;
  try {
    response = await fetch(url, { ...options, signal: globalThis.AbortSignal.timeout(REQUEST_LIMIT_MS) });
    body = Buffer.from(await response.arrayBuffer());
  } catch (error) {
    throw new Error(`${method} ${url}: ${error.cause?.message ?? error.message}`, { cause: error });
  }
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${body.toString().slice(0, 500)}`);
  return { response, body };
}

async function makePicture({ url, key }) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const submit = await request(`${url}/mj/submit/imagine`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ prompt: 'a lighthouse in a storm, oil on canvas' }),
  });
  const answer = JSON.parse(submit.body.toString());
  if (![1, 22].includes(answer.code)) throw new Error(`the submit was not accepted: ${submit.body}`);
  const task = await until('SUCCESS', PICTURE_LIMIT_MS, async () => {
    const { body } = await request(`${url}/mj/task/${answer.result}/fetch`, { headers });
    const { status, failReason } = JSON.parse(body.toString());
    if (['FAILURE', 'CANCEL'].includes(status)) throw new Error(`the task ended ${status}: ${failReason}`);
    return status === 'SUCCESS' ? { id: answer.result } : undefined;
  });
  const { body } = await request(`${url}/mj/image/${task.id}`);
  const type = pictureType(body);
  if (!type)
    throw new Error(`/mj/image/${task.id} is no picture: it begins with ${body.subarray(0, 16).toString('hex')}`);
  if (body.length <= LEAST_PICTURE_BYTES) throw new Error(`the picture has only ${body.length} bytes`);
  return `task ${task.id}, ${type}, ${body.length} bytes`;
}

function pictureType(bytes) {
  if (bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') return 'PNG';
  if (bytes.subarray(0, 3).toString('hex') === 'ffd8ff') return 'JPEG';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'WebP';
  return undefined;
}

async function stop(run) {
  const began = Date.now();
  run.child.kill('SIGTERM');
  const { code, signal } = await until('exit after SIGTERM', STOP_LIMIT_MS, () => run.exit);
  if (code !== 0) throw new Error(`npm start ended with ${signal ?? `code ${code}`} after SIGTERM, not with 0`);
  return Date.now() - began;
}

/** Processes that carry this run's folder in their arguments, variables or working directory (Linux). */
function processesOf(dataDir) {
  if (!existsSync('/proc/self/environ')) return [];
  const read = (path) => {
    try {
      return readFileSync(path, 'latin1');
    } catch {
      return '';
    }
  };
  const workingDirectory = (pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      return '';
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) =>
      [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/environ`), workingDirectory(pid)].some((text) =>
        text.includes(dataDir),
      ),
    )
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 120)}`);
}

function portAnswers(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.unref();
  });
}

async function assertNothingLeft(dataDir, ports) {
  const left = processesOf(dataDir);
  if (left.length > 0) throw new Error(`processes are left:\n${left.join('\n')}`);
  for (const port of ports) if (await portAnswers(port)) throw new Error(`something still answers on port ${port}`);
}

/** After a failure: the run gets a chance to stop what it started, and what does not end then is killed. */
async function clearAway(run) {
  if (!run.exit) run.child.kill('SIGTERM');
  await until('end', STOP_LIMIT_MS, () => run.exit).catch(() => undefined);
  if (run.exit) return;
  try {
    process.kill(-run.child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

const dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'journeyman-smoke-')));
const run = start(dataDir);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => run.child.kill('SIGTERM'));
try {
  const facts = await until('the printed block', START_LIMIT_MS, () => printed(run));
  const ports = [facts.url, readFileSync(join(dataDir, 'postgres.url'), 'utf8').trim()].map((url) => new URL(url).port);
  console.log(`smoke: ${await makePicture(facts)}`);
  const stopMs = await stop(run);
  await assertNothingLeft(dataDir, ports);
  console.log(`smoke: stopped in ${stopMs} ms, nothing is left. OK`);
} catch (error) {
  console.error(`smoke: FAILED: ${error.message}`);
  await clearAway(run);
  process.exitCode = 1;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
