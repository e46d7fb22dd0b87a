import { randomBytes } from 'node:crypto';
import type { SecretBox } from '#libs/database';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { REPORTER, setUpRole, TEMP_FILE_LIMIT } from '../reporter-role.js';
import { scramVerifier } from '../scram-verifier.js';

/** Free SQL has no login, and what is to be done about it. */
export class SqlLoginError extends Error {}

const PURPOSE = 'sql login';
/** Of all replicas together. */
const CONNECTIONS = 60;
const CONNECT_WAIT_MS = 5_000;

const LOOK = `
  select to_regrole('${REPORTER}') is not null as reporter, 'journeyman_sql_' || oid as name,
    to_regrole('journeyman_sql_' || oid) is not null as made
  from pg_database where datname = current_database()`;

/** Whether the login is nothing but a reader of reports. */
const JUDGE = `
  select not (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
    and pg_has_role(r.oid, to_regrole('${REPORTER}')::oid, 'usage')
    and not exists (select from pg_auth_members m where m.member = r.oid and m.roleid <> to_regrole('${REPORTER}')::oid)
    and not exists (select from pg_auth_members m where m.member = to_regrole('${REPORTER}')::oid)
    and not exists (select from pg_class c where c.relowner = r.oid or c.relowner = to_regrole('${REPORTER}')::oid) as is_reader
  from pg_roles r where r.rolname = session_user`;

const BY_HAND =
  'run "npm run reporter -- studio" with the DATABASE_URL of a superuser, and set STUDIO_SQL_URL to the URL of the login that it makes';

/**
 * The login that free SQL runs as: a member of journeyman_reporter and of nothing else. A session that only had SET ROLE could
 * leave that role again from within a query (`set_config('role', …)`); this one has nowhere to go.
 *
 * The gateway makes it in its own database when it is first wanted, where it may. Its password follows from SECRET_KEY, so every
 * replica knows it and it is stored nowhere.
 */
export class SqlLogin {
  constructor(
    private readonly source: Pick<DataSource, 'query'>,
    private readonly secrets: Pick<SecretBox, 'mac'>,
    private readonly databaseUrl: string,
    private readonly given: string | null,
  ) {}

  /** The URL of a login that works. @throws SqlLoginError with advice; the driver's error where Postgres is away */
  async url(): Promise<string> {
    if (this.given !== null) {
      await this.judge(this.given).catch((error: unknown) => {
        throw adviceOn(error) ?? error;
      });
      return this.given;
    }
    const [look] = await this.source.query<{ reporter: boolean; name: string; made: boolean }[]>(LOOK);
    if (look?.reporter !== true) throw new SqlLoginError(`role ${REPORTER} does not exist: ${BY_HAND}`);
    const password = this.secrets.mac(PURPOSE, look.name);
    const url = new URL(this.databaseUrl);
    [url.username, url.password] = [look.name, password];
    if (!look.made) await this.make('create', look.name, password);
    try {
      await this.judge(url.toString());
    } catch (error) {
      if (codeOf(error) !== '28P01' || !look.made) throw adviceOn(error) ?? error;
      // Another SECRET_KEY made it.
      await this.make('alter', look.name, password);
      await this.judge(url.toString()).catch((again: unknown) => {
        throw adviceOn(again) ?? again;
      });
    }
    return url.toString();
  }

  private async make(how: 'create' | 'alter', name: string, password: string): Promise<void> {
    const role = pg.escapeIdentifier(name);
    const verifier = pg.escapeLiteral(scramVerifier(password, randomBytes(16)));
    const membership = how === 'create' ? `in role ${REPORTER}` : '';
    try {
      await this.source.query(
        `do $login$ begin
           ${how} role ${role} login connection limit ${CONNECTIONS} password ${verifier} ${membership};
           ${setUpRole(role)}
           comment on role ${role} is 'Free SQL of Journeyman: reads schema report of one database and nothing else.';
           begin
             alter role ${role} set temp_file_limit = '${TEMP_FILE_LIMIT}';
           exception when insufficient_privilege then null;
           end;
         exception when duplicate_object or unique_violation then null; -- another replica made it
         end $login$`,
      );
    } catch (error) {
      if (codeOf(error) === '42501') throw new SqlLoginError(`this database user may not make logins: ${BY_HAND}`);
      throw error;
    }
  }

  private async judge(url: string): Promise<void> {
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_WAIT_MS,
      application_name: 'journeyman-sql',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ is_reader: boolean }>(JUDGE);
      if (rows[0]?.is_reader === true) return;
      throw new SqlLoginError(`the login for free SQL may do more than read reports: ${BY_HAND}`);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function adviceOn(error: unknown): SqlLoginError | null {
  if (error instanceof SqlLoginError) return error;
  return /^28/.test(codeOf(error))
    ? new SqlLoginError(`Postgres does not let the login for free SQL in: ${BY_HAND}`)
    : null;
}

/** The code of the driver's error, which TypeORM wraps. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
