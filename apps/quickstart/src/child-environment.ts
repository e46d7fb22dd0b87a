import { join } from 'node:path';

import { type QuickstartConfig } from './config/quickstart-config.js';
import { type MadeKeys } from './keys/made-keys.js';

/** Lets hooks and pictures reach this machine, and nothing else that is private. */
export const LOOPBACK_EGRESS = '127.0.0.0/8,::1/128';

/** The address under which people and programs on this machine reach the gateway, without a slash at the end. */
export function localUrl(host: string, port: number): string {
  const wildcard = host === '0.0.0.0' || host === '::' || host === '[::]';
  const name = wildcard ? '127.0.0.1' : host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

/** Whether nobody but this machine can reach what listens there. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** What quickstart has found out and the gateway must know. */
export interface GatewayFacts {
  port: number;
  databaseUrl: string;
  /** Undefined where UPSTREAM_URL is given. */
  simulatorUrl?: string;
}

/** The gateway's variables: everything given, and for the rest what quickstart has made. */
export function gatewayEnvironment(config: QuickstartConfig, keys: MadeKeys, facts: GatewayFacts): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...config.environment,
    PORT: String(facts.port),
    HOST: config.host,
    DATA_DIR: config.dataDir,
    DATABASE_URL: facts.databaseUrl,
    SECRET_KEY: config.secretKey ?? keys.secretKey,
    API_KEY: config.apiKey ?? keys.apiKey,
    ADMIN_KEY: config.adminKey ?? keys.adminKey,
    // The secret that was made belongs to the key that was made.
    WEBHOOK_SECRET: config.webhookSecret ?? (config.apiKey === undefined ? keys.webhookSecret : ''),
    EGRESS_ALLOW: config.egressAllow ?? LOOPBACK_EGRESS,
    // Where others reach it too, links follow the address that they used.
    PUBLIC_URL: config.publicUrl ?? (isLoopback(config.host) ? localUrl(config.host, facts.port) : ''),
  };
  if (facts.simulatorUrl === undefined) return environment;
  delete environment['UPSTREAM_URL'];
  return {
    ...environment,
    QUICKSTART_SIMULATOR_URL: facts.simulatorUrl,
    QUICKSTART_SIMULATOR_SECRET: keys.simulatorSecret,
  };
}

/** The simulator's variables; `port` 0 lets it choose. */
export function simulatorEnvironment(config: QuickstartConfig, keys: MadeKeys, port: number): NodeJS.ProcessEnv {
  return {
    ...config.environment,
    SIMULATOR_PORT: String(port),
    SIMULATOR_HOST: '127.0.0.1',
    SIMULATOR_DIR: join(config.dataDir, 'simulator'),
    SIMULATOR_SECRET: keys.simulatorSecret,
  };
}
