import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { makeReporter } from '../../../apps/gateway/src/reports/reporter-login.js';
import { REPORTER } from '../../../apps/gateway/src/reports/reporter-role.js';
import { SqlLogin, SqlLoginError } from '../../../apps/gateway/src/reports/sql/sql-login.js';
import { SecretBox } from '../../../libs/database/src/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

/** The login that free SQL runs as. Roles belong to the whole server, so names are this file's own. */
describe('the login for free SQL', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  const made: string[] = [];
  const newName = (): string => {
    const name = `sql_${randomBytes(6).toString('hex')}`;
    made.push(name);
    return name;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
  });

  afterAll(async () => {
    for (const name of made) await owner.query(`drop role if exists ${name}`);
    await owner.end();
    await database.drop();
  });

  /** The login as a gateway finds it that reaches the database by `url`. */
  const urlOf = async (secretKey: Buffer, given: string | null = null, url = database.url): Promise<string> => {
    const source = await new DataSource({ type: 'postgres', url, installExtensions: false }).initialize();
    try {
      return await new SqlLogin(source, new SecretBox(secretKey), url, given).url();
    } finally {
      await source.destroy();
    }
  };
  const weakUrl = async (terms: string): Promise<string> => {
    const name = newName();
    await owner.query(`create role ${name} login password 'weak' ${terms}`);
    const url = new URL(database.url);
    [url.username, url.password] = [name, 'weak'];
    return url.toString();
  };

  it('is one for all replicas, and a member of the readers only', async () => {
    const secret = randomBytes(32);
    const urls = await Promise.all([urlOf(secret), urlOf(secret), urlOf(secret)]);
    expect(new Set(urls).size).toBe(1);
    const name = new URL(urls[0] ?? '').username;
    made.push(name);
    const { rows } = await owner.query(
      `select r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolconnlimit > 0 as limited,
         (select array_agg(m.roleid::regrole::text) from pg_auth_members m where m.member = r.oid) as roles
       from pg_roles r where rolname = $1`,
      [name],
    );
    expect(rows).toEqual([
      { rolsuper: false, rolcreaterole: false, rolcreatedb: false, limited: true, roles: [REPORTER] },
    ]);
    const client = new pg.Client({ connectionString: urls[0] ?? '' });
    await client.connect();
    await client.query('select * from report.tasks');
    await client.end();
  });

  it('gets a new password where SECRET_KEY is another', async () => {
    const [before, after] = [await urlOf(randomBytes(32)), await urlOf(randomBytes(32))];
    expect(new URL(before).username).toBe(new URL(after).username);
    expect(before).not.toBe(after);
  });

  it('may be named by the operator, where it is a reader', async () => {
    const reader = await makeReporter(database.url, newName(), 5);
    expect(await urlOf(randomBytes(32), reader.url)).toBe(reader.url);
  });

  it.each([
    ['the owner', () => Promise.resolve(database.url)],
    ['a maker of roles', () => weakUrl(`createrole in role ${REPORTER}`)],
    ['a member of more', () => weakUrl(`in role ${REPORTER}, pg_read_all_data`)],
    ['a stranger', () => weakUrl('')],
    ['a wrong password', async () => (await weakUrl(`in role ${REPORTER}`)).replace('weak', 'wrong')],
  ])('is refused where it is %s', async (_, given) => {
    const refused = urlOf(randomBytes(32), await given());
    await expect(refused).rejects.toThrow(SqlLoginError);
    await expect(refused).rejects.toThrow(/npm run reporter/);
  });

  it('is not made where the database user may not', async () => {
    const other = await createTestDatabase();
    try {
      const weak = new URL(await weakUrl(''));
      weak.pathname = new URL(other.url).pathname;
      await expect(urlOf(randomBytes(32), null, weak.toString())).rejects.toThrow(
        /may not make logins.*npm run reporter/,
      );
    } finally {
      await other.drop();
    }
  });
});
