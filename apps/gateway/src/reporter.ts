import { Command, InvalidArgumentError } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnvironment } from './config/load-environment.js';
import { TEMP_FILE_LIMIT } from './reports/reporter-role.js';
import { makeReporter, ReporterError } from './reports/reporter-login.js';

const MOST_CONNECTIONS = 100;

const program = new Command('npm run reporter --')
  .description('Makes a login that reads schema report and nothing else, and shows its password once.')
  .argument('<name>', 'name of the login, for example grafana')
  .option('-c, --connections <number>', 'most connections at once', readConnections, 5)
  .action(async (name: string, { connections }: { connections: number }) => {
    const login = await makeReporter(databaseUrl(), name, connections);
    process.stdout.write(
      `Login     ${login.name}\nPassword  ${login.password}   (not shown again)\nTry it    psql "${login.url}" -c 'table queue_now'\n`,
    );
    if (!login.hasFileLimit) {
      process.stdout.write(
        `Its temporary files have no limit: have a superuser run "alter role ${login.name} set temp_file_limit = '${TEMP_FILE_LIMIT}'"\n`,
      );
    }
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

/** Of a gateway with its own Postgres, or what `npm start` has left beside its data. */
function databaseUrl(): string {
  const { DATABASE_URL, DATA_DIR } = loadEnvironment([]);
  if (DATABASE_URL !== null) return DATABASE_URL;
  try {
    return readFileSync(join(DATA_DIR ?? './.data', 'postgres.url'), 'utf8').trim();
  } catch {
    throw new ReporterError('DATABASE_URL is not set, and there is no database of "npm start" here');
  }
}

function readConnections(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > MOST_CONNECTIONS) {
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_CONNECTIONS}.`);
  }
  return number;
}
