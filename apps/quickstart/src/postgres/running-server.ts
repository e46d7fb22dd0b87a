import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { eventually, processesIn, processStatus } from '../lifecycle/processes.js';
import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { answers } from './connection.js';
import { databaseUrl } from './cluster-state.js';
import { isServerOf, postmasterPath, readPostmasterFile } from './postmaster-file.js';

/** A server that an earlier, killed run left behind. */
export interface LeftServer {
  pid: number;
  port: number;
}

const START_LIMIT_MS = 60_000;
const LEAVE_LIMIT_MS = 15_000;

/**
 * The server that still runs on `data`, if it can be used as it is: it answers on the wanted port with the known
 * password. One that cannot is stopped. Afterwards either it is returned or nothing runs on `data`, and no pid file
 * is left that would stop a new server from starting.
 * @throws QuickstartError when processes of an earlier server do not end within 15 seconds.
 */
export async function adoptOrClear(
  data: string,
  password: string | undefined,
  wantedPort: number | undefined,
): Promise<LeftServer | undefined> {
  const file = await readPostmasterFile(data);
  if (file && isServerOf(file.pid, data)) {
    const port = await waitUntilReady(file.pid, data);
    const usable = port !== undefined && password !== undefined && (wantedPort ?? port) === port;
    if (usable && (await answers(databaseUrl(password, port, 'postgres')))) return { pid: file.pid, port };
    await stopServer(file.pid, data, LEAVE_LIMIT_MS);
  }
  await clear(data);
  return undefined;
}

/** Ends the server by a fast shutdown; one that has not ended after three quarters of `withinMs` at once. */
export async function stopServer(pid: number, data: string, withinMs: number): Promise<void> {
  const gone = (): boolean => !isServerOf(pid, data);
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', withinMs * 0.75],
    ['SIGQUIT', withinMs * 0.25],
    ['SIGKILL', 1_000],
  ];
  for (const [signal, waitMs] of steps) {
    if (gone()) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    if (await eventually(gone, waitMs)) return;
  }
}

/**
 * Waits for the server to accept connections.
 * @returns its port; undefined when it ended or is not ready after 60 seconds.
 */
export async function waitUntilReady(pid: number, data: string): Promise<number | undefined> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (performance.now() < deadline && processStatus(pid) === 'running') {
    const file = await readPostmasterFile(data);
    if (file?.pid === pid && file.ready) return file.port;
    await sleep(20);
  }
  return undefined;
}

/**
 * A dead server's workers may outlive it for a moment, and two sets of them on one folder destroy it: so wait for
 * them, and only then remove the pid file of a number that somebody else (or a zombie) has now.
 */
async function clear(data: string): Promise<void> {
  if (!(await eventually(() => processesIn(data).length === 0, LEAVE_LIMIT_MS))) {
    throw new QuickstartError(
      `Processes ${processesIn(data).join(', ')} of an earlier PostgreSQL still work in ${data} and do not end. Stop them, then start again.`,
    );
  }
  const file = await readPostmasterFile(data);
  // PostgreSQL deals itself with the number of a process that is gone, and then checks its shared memory too.
  if (file === undefined || processStatus(file.pid) !== 'gone') await rm(postmasterPath(data), { force: true });
}
