import { createApp } from '../app.setup.js';
import type { Environment } from '../config/environment.js';
import { loadEnvironment } from '../config/load-environment.js';
import { fitDescriptors } from './descriptors.js';
import { JsonLogger } from '../logging/json-logger.js';
import { migrateDatabase } from '../database/migrate-database.js';
import { runUntilStopped } from './run-until-stopped.js';

/** How long a starting gateway waits for Postgres, ms. */
const DATABASE_TIMEOUT_MS = 60_000;

/**
 * Starts the gateway; ends the process where that cannot be done.
 * @param descriptors how many it may have; null: nobody knows
 * @param onListening called when it listens, before it is drained by signals
 */
export async function start(descriptors: number | null, onListening: () => void): Promise<void> {
  const environment = loadEnvironment();
  try {
    const log = new JsonLogger({ level: environment.LOG_LEVEL });
    const { environment: fitted, warning } = fitDescriptors(environment, descriptors);
    if (warning !== null) log.warn(warning, 'Process');
    await migrateDatabase(fitted.DATABASE_URL ?? '', {
      connectTimeoutMs: DATABASE_TIMEOUT_MS,
      reportsMs: fitted.REPORT_TIMEOUT_MS,
      onBlocked: (message, blockers) => log.warn({ message, blockers }, 'Migration'),
    });
    const app = await createApp(fitted);
    await app.getHttpAdapter().getInstance().documentation.prepare();
    await app.listen(fitted.PORT, fitted.HOST ?? '127.0.0.1');
    onListening();
    runUntilStopped(app);
  } catch (error) {
    process.stderr.write(`the gateway could not start: ${reasonOf(error, environment)}\n`);
    process.exit(1);
  }
}

function reasonOf(error: unknown, { HOST, PORT }: Environment): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return `PORT ${PORT} is in use on ${HOST ?? '127.0.0.1'}`;
  return error instanceof Error ? error.message : String(error);
}
