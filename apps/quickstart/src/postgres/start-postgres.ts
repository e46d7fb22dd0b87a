import { existsSync } from 'node:fs';
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { QuickstartError } from '../lifecycle/quickstart-error.js';
import { findBinaries } from './binaries.js';
import { chooseClusterHome, handOver } from './cluster-home.js';
import { databaseUrl, readClusterState, writeClusterState } from './cluster-state.js';
import { ensureDatabase } from './connection.js';
import { createCluster, resetPassword, type ClusterPlace } from './initdb.js';
import { startServer } from './postgres-server.js';
import { isServerOf } from './postmaster-file.js';
import { chooseRunAs, describeRunAs } from './run-as.js';
import { adoptOrClear, stopServer } from './running-server.js';
import { majorVersion, reachableBinaries } from './staged-binaries.js';
import { guardThrowaway } from './throwaway-guard.js';

/** What an embedded PostgreSQL is asked for. */
export interface PostgresOptions {
  /** Absolute folder for the cluster, its password and its log; made when missing. */
  dir: string;
  /** Name of the database that {@link EmbeddedPostgres.url} leads to; made when missing. */
  database: string;
  /** Fixed port on 127.0.0.1; without one the port of the last start, else a free one. */
  port?: number;
  /** For tests: fast, gone with `stop` and also when this process dies. */
  throwaway?: boolean;
  /** The `PATH` in which `unshare` and `id` are looked for. */
  searchPath: string;
}

/** A running PostgreSQL of our own on 127.0.0.1. */
export interface EmbeddedPostgres {
  pid: number;
  port: number;
  /** URL of the database asked for, with the password. */
  url: string;
  /** URL of another database of the same cluster. */
  urlOf(database: string): string;
  /** Where the cluster really is: not `dir` when the server's user cannot reach that. */
  home: string;
  /** `made` at this start, `kept` from an earlier one, `adopted` when its server still ran. */
  origin: 'made' | 'kept' | 'adopted';
  /** E.g. `as user postgres`. */
  runsAs: string;
  isRunning(): boolean;
  /** Fast shutdown, the hard way when it takes longer than `withinMs` (default 10,000). A throwaway's folder goes too. */
  stop(withinMs?: number): Promise<void>;
}

/**
 * Starts the cluster in `dir`, making it first when there is none, or takes over its server if a killed run left it
 * running. The caller sees to it that only one process does this on one `dir` at a time.
 * @throws QuickstartError with advice where the system cannot run one.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { searchPath, throwaway = false } = options;
  const installed = await findBinaries();
  const runAs = chooseRunAs(installed, searchPath);
  const binaries = await reachableBinaries(installed, runAs, searchPath);
  // The server's workers report the resolved path, and we look for them by it.
  const home = await realpath(chooseClusterHome(options.dir, runAs, searchPath));
  const place: ClusterPlace = { binaries, runAs, searchPath, home };
  const guard = throwaway ? guardThrowaway(home, options.dir, searchPath) : undefined;
  try {
    const data = join(home, 'data');
    const server = await bringUp(place, options);
    const urlOf = (database: string): string => databaseUrl(server.password, server.port, database);
    try {
      await ensureDatabase(urlOf('postgres'), options.database);
    } catch (error) {
      await stopServer(server.pid, data, 10_000);
      throw error;
    }
    return {
      pid: server.pid,
      port: server.port,
      url: urlOf(options.database),
      urlOf,
      home,
      origin: server.origin,
      runsAs: describeRunAs(runAs),
      isRunning: () => isServerOf(server.pid, data),
      stop: async (withinMs = 10_000) => {
        await stopServer(server.pid, data, withinMs);
        if (throwaway) for (const path of [home, options.dir]) await rm(path, { recursive: true, force: true });
        guard?.release();
      },
    };
  } catch (error) {
    guard?.release();
    throw error;
  }
}

async function bringUp(place: ClusterPlace, options: PostgresOptions) {
  const { home, runAs } = place;
  const data = join(home, 'data');
  const state = await readClusterState(home);
  if (!existsSync(data)) {
    const password = await createCluster(place, { sync: options.throwaway !== true });
    return { ...(await start(place, options, password)), origin: 'made' as const };
  }
  const left = await adoptOrClear(data, state?.password, options.port);
  if (left && state) return { ...left, password: state.password, origin: 'adopted' as const };
  await assertSameVersion(place, data);
  handOver(data, runAs);
  const password = state?.password ?? (await resetPassword(place));
  return { ...(await start(place, options, password, state?.port)), origin: 'kept' as const };
}

async function start(place: ClusterPlace, options: PostgresOptions, password: string, keptPort?: number) {
  const server = await startServer(place, {
    ...(options.port === undefined ? {} : { fixedPort: options.port }),
    ...(keptPort === undefined ? {} : { keptPort }),
    throwaway: options.throwaway === true,
  });
  await writeClusterState(place.home, { password, port: server.port });
  return { ...server, password };
}

async function assertSameVersion(place: ClusterPlace, data: string): Promise<void> {
  const cluster = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  const installed = majorVersion(place.binaries, place.runAs, place.searchPath);
  if (cluster === installed) return;
  throw new QuickstartError(
    `The database in ${data} was made by PostgreSQL ${cluster}, and PostgreSQL ${installed} is installed here: move its contents over with pg_dump and pg_restore, or choose another DATA_DIR.`,
  );
}
