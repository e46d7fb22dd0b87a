import pg from 'pg';
import { loadEnvironment } from '../../gateway/src/config/load-environment.js';
import { migrateDatabase } from '../../gateway/src/database/migrate-database.js';
import { seedDatabase } from './seed/seed-database.js';
import { readSeedOptions, SEED_USAGE } from './seed/seed-options.js';

const began = Date.now();
const say = (line: string): void =>
  void process.stdout.write(`[${((Date.now() - began) / 1_000).toFixed(1).padStart(6)} s] ${line}\n`);

const url = loadEnvironment(['DATABASE_URL']).DATABASE_URL ?? '';
const client = new pg.Client({ connectionString: url, application_name: 'journeyman-seed' });
try {
  const options = readSeedOptions(process.argv.slice(2));
  await migrateDatabase(url);
  await client.connect();
  await seedDatabase(client, { ...options, say });
  say('the database is seeded');
} catch (error) {
  process.stderr.write(`not seeded: ${error instanceof Error ? error.message : String(error)}\n${SEED_USAGE}\n`);
  process.exitCode = 1;
} finally {
  await client.end();
}
