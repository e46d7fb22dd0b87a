import type { Logger } from '@nestjs/common';
import { DatabaseUnavailableError } from './database-error.js';

/**
 * Says what failed in the background. Where Postgres is away it only says so at debug: `Database` tells of an outage once
 * for everybody, and what failed is tried again.
 */
export function logFailure(log: Pick<Logger, 'warn' | 'debug'>, what: string, error: unknown): void {
  const line = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  if (error instanceof DatabaseUnavailableError) log.debug(line);
  else log.warn(line);
}
