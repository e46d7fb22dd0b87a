import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { freeLoopbackPort, checkPort } from '../lifecycle/ports.js';
import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { type ClusterPlace } from './initdb.js';
import { commandAs } from './run-as.js';
import { stopServer, waitUntilReady } from './running-server.js';

/** What a server is started with. */
export interface ServerOptions {
  /** Taken or failed on. */
  fixedPort?: number;
  /** Taken while it is free. */
  keptPort?: number;
  /** Without any promise of surviving a crash: for tests. */
  throwaway: boolean;
}

const PORT_TRIES = 5;
const LOG_LIMIT_BYTES = 1_000_000;

/**
 * Starts the server of the cluster on 127.0.0.1, in a session of its own (Ctrl-C in a terminal does not reach it), and
 * waits until it accepts connections. It outlives this process.
 * @throws QuickstartError with the end of the server's log.
 */
export async function startServer(place: ClusterPlace, options: ServerOptions): Promise<{ pid: number; port: number }> {
  if (options.fixedPort !== undefined) {
    const check = await checkPort(options.fixedPort, '127.0.0.1');
    if (check.kind === 'refused') {
      throw new QuickstartError(
        `EMBEDDED_POSTGRES_PORT ${options.fixedPort} cannot be used on 127.0.0.1 (${check.code}): choose another one.`,
      );
    }
  }
  for (let attempt = 1; ; attempt++) {
    const port = options.fixedPort ?? (await freeLoopbackPort(attempt === 1 ? options.keptPort : undefined));
    const result = await launch(place, port, options.throwaway);
    if (result.kind === 'running') return { pid: result.pid, port };
    // Another program can take the port between our look and the server's.
    const taken = /address already in use/i.test(result.log) && options.fixedPort === undefined;
    if (!taken || attempt === PORT_TRIES) throw new QuickstartError(`PostgreSQL did not start:\n${result.log}`);
  }
}

async function launch(
  place: ClusterPlace,
  port: number,
  throwaway: boolean,
): Promise<{ kind: 'running'; pid: number } | { kind: 'ended'; log: string }> {
  const data = join(place.home, 'data');
  const logFile = join(place.home, 'postgres.log');
  const logStart = await rotateLog(logFile);
  const args = ['-D', data, '-p', String(port), ...settings(throwaway).flatMap((setting) => ['-c', setting])];
  const command = commandAs(place.runAs, place.searchPath, join(place.binaries.root, 'bin/postgres'), args);
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command.file, command.args, { ...command.options, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  child.unref();
  const { pid } = child;
  if (pid === undefined) return failed;
  if ((await Promise.race([waitUntilReady(pid, data), failed])) !== undefined) return { kind: 'running', pid };
  await stopServer(pid, data, 5_000);
  const text = (await readFile(logFile)).subarray(logStart).toString();
  return { kind: 'ended', log: text.slice(-2_000).trim() };
}

function settings(throwaway: boolean): string[] {
  return [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=100',
    // Short statements only: compiling them costs more than it saves.
    'jit=off',
    ...(throwaway ? ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'] : []),
  ];
}

/** Moves a log that has grown past 1 MB aside. @returns the byte where this start's lines begin. */
async function rotateLog(logFile: string): Promise<number> {
  const size = await stat(logFile).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size <= LOG_LIMIT_BYTES) return size;
  await rm(`${logFile}.1`, { force: true });
  await rename(logFile, `${logFile}.1`);
  await (await open(logFile, 'a', 0o600)).close();
  return 0;
}
