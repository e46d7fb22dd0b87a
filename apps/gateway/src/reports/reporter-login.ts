import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { REPORTER, SECURE_REPORTS, setUpRole, TEMP_FILE_LIMIT } from './reporter-role.js';
import { scramVerifier } from './scram-verifier.js';

/** A login that reads schema `report`; the password is stored nowhere. */
export interface ReporterLogin {
  name: string;
  password: string;
  /** `postgres://…` with both. */
  url: string;
  /** False: it may fill the disk with temporary files, for only a superuser can limit them. */
  hasFileLimit: boolean;
}

/** Something that the operator has to do first. */
export class ReporterError extends Error {}

const NAME = /^(?!pg_)[a-z][a-z0-9_]{0,62}$/;

/**
 * Makes a login of role journeyman_reporter.
 * @param databaseUrl of the owner of schema `report`, who must be allowed to make roles
 * @param connections most at once
 * @throws ReporterError with advice; the driver's error for anything else
 */
export async function makeReporter(databaseUrl: string, name: string, connections: number): Promise<ReporterLogin> {
  if (!NAME.test(name)) {
    throw new ReporterError(`"${name}": a name is up to 63 of a-z, 0-9 and _, begins with a letter and not with pg_`);
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    application_name: 'journeyman-reporter',
  });
  await client.connect();
  try {
    const password = randomBytes(24).toString('base64url');
    const role = pg.escapeIdentifier(name);
    await prepare(client);
    await client.query('begin');
    await client.query(
      `create role ${role} login connection limit ${connections}
         password ${pg.escapeLiteral(scramVerifier(password, randomBytes(16)))} in role ${REPORTER};
       ${setUpRole(role)}
       do $limit$ begin
         alter role ${role} set temp_file_limit = '${TEMP_FILE_LIMIT}';
       exception when insufficient_privilege then null;
       end $limit$`,
    );
    await client.query('commit');
    const { rows } = await client.query<{ limited: boolean }>(
      "select coalesce(rolconfig::text like '%temp_file_limit=%', false) as limited from pg_roles where rolname = $1",
      [name],
    );
    const url = new URL(databaseUrl);
    url.username = name;
    url.password = password;
    return { name, password, url: url.toString(), hasFileLimit: rows[0]?.limited === true };
  } catch (error) {
    throw adviceOn(error, name) ?? error;
  } finally {
    await client.end();
  }
}

async function prepare(client: pg.Client): Promise<void> {
  const found = await client.query<{ schema: string | null }>("select to_regnamespace('report')::text as schema");
  if (found.rows[0]?.schema == null)
    throw new ReporterError('there is no schema report yet: run "npm run migrate" first');
  await client.query(SECURE_REPORTS);
  const role = await client.query<{ role: string | null }>(`select to_regrole('${REPORTER}')::text as role`);
  if (role.rows[0]?.role == null) {
    throw new ReporterError(`role ${REPORTER} does not exist, and this database user may not make roles`);
  }
}

function adviceOn(error: unknown, name: string): ReporterError | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === '42710') return new ReporterError(`there is a role "${name}" already; "drop role ${name}" removes it`);
  if (code === '42501') {
    return new ReporterError(
      `this database user may not make logins of ${REPORTER}; run it with the DATABASE_URL of one who may (CREATEROLE, and ADMIN on that role)`,
    );
  }
  return null;
}
