import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the gateway is, and what opens its admin API. */
export interface AdminConfig {
  /** Without slashes at its end. */
  url: string;
  adminKey: string;
}

/** What it knows, or one line that says what is missing. */
export type Configuration = { kind: 'ok'; config: AdminConfig } | { kind: 'wrong'; mistake: string };

type Environment = Readonly<Record<string, string | undefined>>;

const USUAL_URL = 'http://127.0.0.1:8080';

/**
 * JOURNEYMAN_URL says where the gateway is. ADMIN_KEY opens it; without one, that which `npm start` made and keeps in
 * DATA_DIR. An empty variable counts as unset.
 */
export function readConfiguration(env: Environment): Configuration {
  const url = given(env, 'JOURNEYMAN_URL') ?? USUAL_URL;
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return { kind: 'wrong', mistake: `JOURNEYMAN_URL is ${JSON.stringify(url)}: it must be an http or https URL` };
  }
  const file = join(given(env, 'DATA_DIR') ?? '.data', 'keys.json');
  const adminKey = given(env, 'ADMIN_KEY') ?? keptKey(file);
  if (adminKey === undefined) {
    return { kind: 'wrong', mistake: `Set ADMIN_KEY to that of the gateway; there is none in ${file} either` };
  }
  return { kind: 'ok', config: { url: url.replace(/\/+$/, ''), adminKey } };
}

/** The configuration of this process. */
export const configurationOfProcess = (): Configuration => readConfiguration(process.env);

function given(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function keptKey(file: string): string | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const key = typeof kept === 'object' && kept !== null && 'adminKey' in kept ? kept.adminKey : undefined;
    return typeof key === 'string' && key !== '' ? key : undefined;
  } catch {
    return undefined;
  }
}
