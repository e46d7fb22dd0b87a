import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUrl } from '#libs/net';

/** Where the gateway is, and what opens its admin API. */
export interface AdminConfig {
  /** Without slashes at its end. */
  url: string;
  adminKey: string;
}

/** What it knows, or one line for each thing that is wrong or missing. */
export type Configuration = { kind: 'ok'; config: AdminConfig } | { kind: 'wrong'; mistakes: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const USUAL_PORT = '8080';

/**
 * JOURNEYMAN_URL says where the gateway is, else what `npm start` wrote into DATA_DIR while it runs, else PORT on this machine.
 * ADMIN_KEY opens it; without one, that which `npm start` made and keeps in DATA_DIR. That key is told to nobody but the
 * gateway that it was made for: whatever listens on the usual port may be somebody else's. An empty variable counts as unset.
 */
export function readConfiguration(env: Environment): Configuration {
  const mistakes: string[] = [];
  const dir = given(env, 'DATA_DIR') ?? '.data';
  const ownKey = given(env, 'ADMIN_KEY');
  const adminKey = ownKey ?? keptKey(join(dir, 'keys.json'));
  if (adminKey === undefined) {
    mistakes.push(`Set ADMIN_KEY to that of the gateway; there is none in ${join(dir, 'keys.json')} either`);
  }
  const url = givenUrl(env, mistakes) ?? runningUrl(join(dir, 'gateway.json')) ?? usualUrl(env, mistakes);
  if (ownKey === undefined && adminKey !== undefined && given(env, 'JOURNEYMAN_URL') === undefined) {
    if (runningUrl(join(dir, 'gateway.json')) === undefined) {
      mistakes.push(`No gateway of ${dir} is running: begin it with npm start, or set JOURNEYMAN_URL to its address`);
    }
  }
  if (mistakes.length > 0 || adminKey === undefined) return { kind: 'wrong', mistakes };
  return { kind: 'ok', config: { url: url.replace(/\/+$/, ''), adminKey } };
}

/** The configuration of this process. */
export const configurationOfProcess = (): Configuration => readConfiguration(process.env);

function given(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function givenUrl(env: Environment, mistakes: string[]): string | undefined {
  const url = given(env, 'JOURNEYMAN_URL');
  if (url === undefined || (/^https?:\/\//.test(url) && parseUrl(url) !== null)) return url;
  mistakes.push(`JOURNEYMAN_URL is ${JSON.stringify(url)}: it must be an http or https URL`);
  return url;
}

function usualUrl(env: Environment, mistakes: string[]): string {
  const port = given(env, 'PORT') ?? USUAL_PORT;
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    mistakes.push(`PORT is ${JSON.stringify(port)}: it must be a whole number from 1 to 65535`);
  }
  return `http://127.0.0.1:${port}`;
}

/** The address that `npm start` wrote there, as long as its process lives. */
function runningUrl(file: string): string | undefined {
  const kept = readJson(file);
  if (!('url' in kept) || typeof kept.url !== 'string' || !('pid' in kept)) return undefined;
  return isAlive(Number(kept.pid)) ? kept.url : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    // It lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function keptKey(file: string): string | undefined {
  const kept = readJson(file);
  const key = 'adminKey' in kept ? kept.adminKey : undefined;
  return typeof key === 'string' && key !== '' ? key : undefined;
}

function readJson(file: string): object {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
