import { createApp } from './app.setup.js';
import { loadEnvironment } from './config/load-environment.js';
import { JsonLogger } from './logging/json-logger.js';
import { migrateDatabase } from './migrate-database.js';
import { runUntilStopped } from './run-until-stopped.js';

/** How long a gateway that starts waits for its Postgres. */
const DATABASE_PATIENCE_MS = 60_000;

/** Nothing is open yet that would have to be drained. */
const stopEarly = (): never => process.exit(0);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stopEarly);

const environment = loadEnvironment();
try {
  const log = new JsonLogger({ level: environment.LOG_LEVEL });
  await migrateDatabase(environment.DATABASE_URL ?? '', {
    patienceMs: DATABASE_PATIENCE_MS,
    reportsMs: environment.REPORT_TIMEOUT_MS,
    tell: (message, blockers) => log.warn({ message, blockers }, 'Migration'),
  });
  const app = await createApp(environment);
  await app.getHttpAdapter().getInstance().documentation.prepare();
  await app.listen(environment.PORT, environment.HOST ?? '127.0.0.1');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, stopEarly);
  runUntilStopped(app);
} catch (error) {
  process.stderr.write(`the gateway could not start: ${reasonOf(error)}\n`);
  process.exit(1);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const { HOST, PORT } = environment;
  if (code === 'EADDRINUSE') return `PORT ${PORT} is in use on ${HOST ?? '127.0.0.1'}`;
  return error instanceof Error ? error.message : String(error);
}
