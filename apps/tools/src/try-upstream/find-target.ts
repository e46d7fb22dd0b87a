import { readFile } from 'node:fs/promises';
import { Database, SecretBox } from '#libs/database';
import { baseUrlOf, definitionOf, UpstreamCache, type UpstreamTarget } from '#libs/upstream';
import { loadEnvironment } from '../../../gateway/src/config/load-environment.js';
import type { Wanted } from './try-options.js';

const DEADLINES = { submitTimeoutMs: 30_000, pollTimeoutMs: 10_000 };

/** The database with the upstreams, and the key under which their secrets are stored. */
export interface Stored {
  url: string;
  secretKey: Buffer;
}

/**
 * The upstream that is tried, with its secret. @throws Error that says what is missing, without any secret
 * @param storedIn asked for only where the upstream is one of the database
 */
export async function findTarget(wanted: Wanted, storedIn: () => Stored = environmentsOwn): Promise<UpstreamTarget> {
  return wanted.from === 'database' ? storedTarget(wanted.name, storedIn()) : givenTarget(wanted);
}

function environmentsOwn(): Stored {
  const { DATABASE_URL: url, SECRET_KEY: secretKey } = loadEnvironment(['DATABASE_URL', 'SECRET_KEY']);
  return { url: url ?? '', secretKey: secretKey ?? Buffer.alloc(0) };
}

/** Reads its secret as the gateway does. */
async function storedTarget(name: string, { url, secretKey }: Stored): Promise<UpstreamTarget> {
  const database = new Database({ url, connections: { http: 1, work: 1 }, statementTimeoutMs: 10_000 });
  try {
    const secrets = new SecretBox(secretKey);
    const cache = new UpstreamCache(database, secrets, { ...DEADLINES, refreshMs: 3_600_000 });
    await cache.refresh();
    const found = cache.all().find((up) => up.name === name);
    if (found === undefined) throw new Error('the database has no upstream of that name');
    if (cache.hasUnreadableSecret(found.id)) throw new Error('its secret was stored under another SECRET_KEY');
    return found;
  } finally {
    await database.close();
  }
}

async function givenTarget({ kind, baseUrl, secret }: Extract<Wanted, { from: 'options' }>): Promise<UpstreamTarget> {
  const { capabilities, pathEnd, defaultVersion, needsSecret } = definitionOf(kind);
  const address = baseUrlOf(baseUrl, pathEnd);
  if (address === null) throw new Error('--base-url must be an http or https address without a user name');
  const text = secret === null ? null : 'text' in secret ? secret.text : await secretIn(secret.file);
  if (text === null && needsSecret) throw new Error(`${kind} needs --secret-file`);
  return {
    id: '0',
    name: kind,
    kind,
    capabilities,
    baseUrl: address,
    secret: text,
    userAgent: null,
    proxy: null,
    modes: null,
    actions: null,
    defaultVersion,
    modelVersions: null,
    followUps: 'sticky',
    acceptsNotifyHook: true,
    acceptsAccountFilter: false,
    ...DEADLINES,
    fullTexts: [],
  };
}

async function secretIn(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new Error('--secret-file cannot be read');
  }
}
