import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { banner } from './banner.js';
import { gatewayEnvironment, localUrl, simulatorEnvironment } from './child-environment.js';
import { type QuickstartConfig } from './config/quickstart-config.js';
import { dropGatewayAddress, keepGatewayAddress } from './gateway-address.js';
import { keepKeys, type KeptKeys } from './keys/key-file.js';
import { ChildService, describeExit } from './lifecycle/child-service.js';
import { lockDataDir, type DataDirLock } from './lifecycle/data-dir-lock.js';
import { claimGatewayPort } from './lifecycle/ports.js';
import { writePrivateFile } from './lifecycle/private-file.js';
import { eventually, isSameProcess } from './lifecycle/processes.js';
import { messageForPerson, QuickstartError } from './lifecycle/quickstart-error.js';
import { RunningServices } from './lifecycle/running-services.js';
import { startPostgres, type EmbeddedPostgres } from './postgres/start-postgres.js';
import { keepSimulatorPort, keptSimulatorPort } from './simulator-port.js';
import { studioLink } from './studio-link.js';

/** Main files of the programs that quickstart runs. */
export interface Programs {
  gateway: string;
  simulator: string;
}

/** What one run is made of. */
export interface QuickstartOptions {
  config: QuickstartConfig;
  programs: Programs;
  /** Aborted when the run shall end. */
  stop: AbortSignal;
  /** Writes text for the person at the terminal. */
  say: (text: string) => void;
  /** The same for what went wrong. */
  warn: (text: string) => void;
}

const READY_LIMIT_MS = 60_000;
const LEFT_BEHIND_LIMIT_MS = 20_000;

/**
 * Starts what is not configured elsewhere (PostgreSQL, the simulator) and the gateway, and runs until `stop` or until one
 * of them dies; then stops them in the opposite order.
 * @returns the exit code: 0 after an orderly stop, else 1, and then it has said why.
 */
export async function runQuickstart(options: QuickstartOptions): Promise<number> {
  const { config, say, warn, stop } = options;
  const services = new RunningServices(warn);
  let lock: DataDirLock | undefined;
  let orderly = false;
  try {
    await makeDataDir(config.dataDir);
    lock = await lockDataDir(config.dataDir);
    await waitForLeftBehind(lock, say);
    await startAll(options, services, lock);
    const died = stop.aborted ? undefined : await services.firstDeath(stop);
    if (died !== undefined) warn(`\n${died}\n`);
    orderly = died === undefined;
  } catch (error) {
    const message = messageForPerson(error);
    if (message === undefined) throw error;
    warn(`\n${message}\n`);
  } finally {
    orderly = (await services.stopAll()) && orderly;
    // Without the lock they are another quickstart's.
    if (lock !== undefined) await dropGatewayAddress(config.dataDir);
    await lock?.release();
  }
  return orderly ? 0 : 1;
}

/** Returns early, with less started, as soon as `stop` is aborted. */
async function startAll(options: QuickstartOptions, services: RunningServices, lock: DataDirLock): Promise<void> {
  const { config, programs, stop, say } = options;
  const port = await claimGatewayPort(config.port, config.host);
  const kept = await keepKeys(join(config.dataDir, 'keys.json'), randomBytes);

  const postgres = config.databaseUrl === undefined ? await startDatabase(options, services) : undefined;
  sayAboutKeys(kept, config, postgres, say);
  if (stop.aborted) return;

  let simulatorUrl: string | undefined;
  if (config.upstreamUrl === undefined) {
    const environment = simulatorEnvironment(config, kept.keys, await keptSimulatorPort(config.dataDir));
    simulatorUrl = await startChild('simulator', programs.simulator, environment, { options, services, lock });
    if (simulatorUrl === undefined) return;
    await keepSimulatorPort(config.dataDir, simulatorUrl);
  }

  const environment = gatewayEnvironment(config, kept.keys, {
    port,
    databaseUrl: config.databaseUrl ?? postgres?.url ?? '',
    ...(simulatorUrl === undefined ? {} : { simulatorUrl }),
  });
  if ((await startChild('gateway', programs.gateway, environment, { options, services, lock })) === undefined) return;
  const url = localUrl(config.host, port);
  await keepGatewayAddress(config.dataDir, url, process.pid);

  const link = await studioLink(url, {
    apiKey: config.apiKey ?? kept.keys.apiKey,
    adminKey: config.adminKey ?? kept.keys.adminKey,
  });
  say(
    banner({
      url,
      ...(link === null ? {} : { studioLink: link }),
      ...(config.apiKey === undefined ? { apiKey: kept.keys.apiKey } : {}),
      ...(config.adminKey === undefined ? { adminKey: kept.keys.adminKey } : {}),
      ...(environment['WEBHOOK_SECRET'] === kept.keys.webhookSecret ? { webhookSecret: kept.keys.webhookSecret } : {}),
      ...(postgres === undefined ? {} : { postgresUrl: postgres.url }),
      ...(simulatorUrl === undefined ? {} : { simulatorUrl }),
      dataDir: config.dataDir,
      publicUrlSet: config.publicUrl === undefined && environment['PUBLIC_URL'] !== '',
      egressAllowSet: config.egressAllow === undefined,
    }),
  );
}

async function startDatabase(options: QuickstartOptions, services: RunningServices): Promise<EmbeddedPostgres> {
  const { config, say } = options;
  const postgres = await startPostgres({
    dir: join(config.dataDir, 'postgres'),
    database: 'journeyman',
    searchPath: config.searchPath,
    ...(config.embeddedPostgresPort === undefined ? {} : { port: config.embeddedPostgresPort }),
  });
  services.addDatabase(postgres);
  const how = { made: 'new, ', kept: '', adopted: 'still running from an earlier run, ' }[postgres.origin];
  say(`PostgreSQL: ${how}pid ${postgres.pid}, port ${postgres.port}, ${postgres.runsAs}, in ${postgres.home}\n`);
  await writePrivateFile(join(config.dataDir, 'postgres.url'), `${postgres.url}\n`);
  return postgres;
}

/** @returns the child's URL; undefined when `stop` came first. */
async function startChild(
  name: string,
  entry: string,
  environment: NodeJS.ProcessEnv,
  run: { options: QuickstartOptions; services: RunningServices; lock: DataDirLock },
): Promise<string | undefined> {
  const child = new ChildService(name, entry, environment);
  run.services.addChild(child);
  if (child.pid !== undefined) await run.lock.addChild(name, child.pid);
  const result = await child.ready(READY_LIMIT_MS, run.options.stop);
  switch (result.kind) {
    case 'listening':
      return result.url;
    case 'aborted':
      return undefined;
    case 'exited':
      if (run.options.stop.aborted) return undefined;
      throw new QuickstartError(
        `The ${name} ended ${describeExit(result.exit)} before it was ready; its reason is above.`,
      );
    case 'late':
      throw new QuickstartError(`The ${name} was not ready after ${READY_LIMIT_MS / 1_000} s.`);
  }
}

async function makeDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new QuickstartError(
      `DATA_DIR ${path} cannot be used as a folder (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
}

/** Children end by themselves when their quickstart is killed, after they have drained. */
async function waitForLeftBehind(lock: DataDirLock, say: (text: string) => void): Promise<void> {
  const remaining = () => lock.leftBehind.filter(isSameProcess);
  if (remaining().length === 0) return;
  const names = remaining().map(({ name, pid }) => `${name} (pid ${pid})`);
  say(`Waiting for the ${names.join(' and the ')} of an earlier run to end.\n`);
  if (await eventually(() => remaining().length === 0, LEFT_BEHIND_LIMIT_MS)) return;
  for (const { pid } of remaining()) process.kill(pid, 'SIGKILL');
  await eventually(() => remaining().length === 0, 2_000);
}

function sayAboutKeys(
  kept: KeptKeys,
  config: QuickstartConfig,
  postgres: EmbeddedPostgres | undefined,
  say: (text: string) => void,
): void {
  if (kept.found) return;
  say(`Keys: made new ones, kept in ${join(config.dataDir, 'keys.json')}\n`);
  if (postgres === undefined || postgres.origin === 'made') return;
  say(
    'Keys: keys.json was missing beside an existing database. Clients need the new API key' +
      (config.secretKey === undefined
        ? ', and what was stored under the old SECRET_KEY (webhook and upstream secrets) must be entered again.\n'
        : '.\n'),
  );
}
