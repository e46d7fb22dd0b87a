import { isAbsolute, resolve } from 'node:path';

import { EnvironmentError, readEnvironment } from '../../../gateway/src/config/environment.js';
import { readConfiguration as readSimulatorConfig } from '../../../simulator/src/config/simulator-config.js';
import { parseUrl } from '#libs/net';

/** What `npm start` was asked for. A variable that is set to nothing counts as not set, but for EGRESS_ALLOW. */
export interface QuickstartConfig {
  /** Of the gateway; 0 means any free one. */
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** Undefined: the embedded PostgreSQL. */
  databaseUrl?: string;
  embeddedPostgresPort?: number;
  secretKey?: string;
  apiKey?: string;
  adminKey?: string;
  webhookSecret?: string;
  /** Undefined: the simulator. */
  upstreamUrl?: string;
  /** "" opens nothing; undefined: loopback. */
  egressAllow?: string;
  publicUrl?: string;
  /** `PATH`, for the programs that the embedded PostgreSQL needs. */
  searchPath: string;
  /** Every variable of this process, for the children. */
  environment: NodeJS.ProcessEnv;
}

/** A configuration, or one line per mistake. */
export type ParsedConfig = { kind: 'valid'; config: QuickstartConfig } | { kind: 'invalid'; problems: string[] };

/** Where a system keeps its programs. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Reads the variables of this process. */
export function readQuickstartConfig(): ParsedConfig {
  return parseQuickstartConfig(process.env, process.cwd());
}

/**
 * Checks every variable, whichever of the processes reads it: those that quickstart uses itself, and then the gateway's and
 * the simulator's by their own rules, so that a second mistake is not found after the first is mended.
 */
export function parseQuickstartConfig(environment: NodeJS.ProcessEnv, workingDirectory: string): ParsedConfig {
  const problems: string[] = [];
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const port = (name: string, least: number): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/.test(value) && Number(value) >= least && Number(value) <= 65535) return Number(value);
    problems.push(`${name} must be a whole number from ${least} to 65535, not ${JSON.stringify(value)}.`);
    return undefined;
  };
  const url = (name: string, schemes: string[]): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsed = parseUrl(value);
    if (parsed && schemes.includes(parsed.protocol.slice(0, -1)) && parsed.hostname !== '') return value;
    // The value itself may carry a password.
    problems.push(`${name} must be a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}.`);
    return undefined;
  };
  const key = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined || /^[\x21-\x7e]+$/.test(value)) return value;
    problems.push(`${name} must be printable ASCII without spaces.`);
    return undefined;
  };
  const secretKey = text('SECRET_KEY');
  if (secretKey !== undefined && !isSecretKey(secretKey)) {
    problems.push('SECRET_KEY must be 32 bytes in base64 (make one with: openssl rand -base64 32).');
  }
  const dataDir = text('DATA_DIR') ?? '.data';

  const given = {
    databaseUrl: databaseUrl(text('DATABASE_URL'), problems),
    embeddedPostgresPort: port('EMBEDDED_POSTGRES_PORT', 1),
    secretKey,
    apiKey: key('API_KEY'),
    adminKey: key('ADMIN_KEY'),
    webhookSecret: text('WEBHOOK_SECRET'),
    upstreamUrl: url('UPSTREAM_URL', ['http', 'https']),
    egressAllow: environment['EGRESS_ALLOW']?.trim(),
    publicUrl: url('PUBLIC_URL', ['http', 'https']),
  };
  const config: QuickstartConfig = {
    port: port('PORT', 0) ?? 8080,
    host: text('HOST') ?? '127.0.0.1',
    dataDir: isAbsolute(dataDir) ? dataDir : resolve(workingDirectory, dataDir),
    ...withoutUndefined(given),
    searchPath: text('PATH') ?? SYSTEM_PATH,
    environment,
  };
  if (given.apiKey !== undefined && given.apiKey === given.adminKey) {
    problems.push('API_KEY and ADMIN_KEY must differ.');
  }
  if (given.embeddedPostgresPort !== undefined && given.embeddedPostgresPort === config.port) {
    problems.push(`EMBEDDED_POSTGRES_PORT and PORT are both ${config.port}: they must differ.`);
  }
  problems.push(...childProblems(environment, given.upstreamUrl === undefined, problems));
  return problems.length === 0 ? { kind: 'valid', config } : { kind: 'invalid', problems };
}

/** What the children would say, but for variables that something was said of already. */
function childProblems(environment: NodeJS.ProcessEnv, bringsSimulator: boolean, said: readonly string[]): string[] {
  // They are given what is made for them.
  const made = { API_KEY: `sk-${'0'.repeat(64)}`, ADMIN_KEY: `adm-${'0'.repeat(64)}` };
  const missing = Object.entries(made).filter(([name]) => !environment[name]?.trim());
  const simulator = bringsSimulator ? readSimulatorConfig(environment) : null;
  return [
    ...mistakesOf({ ...environment, ...Object.fromEntries(missing) }),
    ...(simulator?.kind === 'wrong' ? simulator.mistakes : []),
  ].filter((mistake) => {
    const [name = ''] = /^\w+/.exec(mistake) ?? [];
    return !said.some((problem) => problem.split(/[^A-Z_0-9]+/).includes(name));
  });
}

function mistakesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readEnvironment(environment, []);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.mistakes;
    throw error;
  }
}

function databaseUrl(value: string | undefined, problems: string[]): string | undefined {
  if (value === undefined || /^postgres(ql)?:\/\/\S+$/.test(value)) return value;
  problems.push('DATABASE_URL must begin with postgres:// (for example postgres://user:password@host:5432/database).');
  return undefined;
}

/** 32 bytes in standard or URL-safe base64, padded or not. */
function isSecretKey(value: string): boolean {
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(value) && Buffer.from(value, 'base64').length === 32;
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
