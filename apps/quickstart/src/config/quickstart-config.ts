import { isAbsolute, resolve } from 'node:path';

/** What `npm start` was asked for. A variable that is set to nothing counts as not set. */
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

/** Checks the variables that quickstart itself uses; those of the gateway alone are checked by the gateway. */
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
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
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
    egressAllow: text('EGRESS_ALLOW'),
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
  return problems.length === 0 ? { kind: 'valid', config } : { kind: 'invalid', problems };
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
