import { loadEnvironment } from './config/load-environment.js';
import { migrateDatabase } from './database/migrate-database.js';

const CONNECT_TIMEOUT_MS = 30_000;

try {
  await migrateDatabase(loadEnvironment(['DATABASE_URL']).DATABASE_URL ?? '', {
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    onBlocked: (waitsFor) => process.stderr.write(`${waitsFor}\n`),
  });
  process.stdout.write('the database is up to date\n');
} catch (error) {
  process.stderr.write(`the migration failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
