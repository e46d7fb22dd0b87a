import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions, ENTITIES } from '../../../apps/gateway/src/database/data-source.js';
import { NarrowPolls1795000000013 } from '../../../apps/gateway/src/migrations/1795000000013-narrow-polls.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';

interface ColumnRow {
  table_name: string;
  column_name: string;
  data_type: string;
  is_nullable: 'YES' | 'NO';
  comment: string | null;
}

/** What Postgres calls the types that entities declare. */
const TYPES: Record<string, string> = { timestamptz: 'timestamp with time zone' };

describe('the schema', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let source: DataSource;
  let columns: ColumnRow[];

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    source = await new DataSource(dataSourceOptions(database.url, 1)).initialize();
    const found = await client.query<ColumnRow>(
      `select c.table_name, c.column_name, c.data_type, c.is_nullable,
        col_description((quote_ident(c.table_schema) || '.' || quote_ident(c.table_name))::regclass, c.ordinal_position) as comment
       from information_schema.columns c where c.table_schema = 'public'`,
    );
    columns = found.rows;
  });

  afterAll(async () => {
    await source.destroy();
    await client.end();
    await database.drop();
  });

  it('agrees with the entities, column by column', () => {
    const described = source.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => {
        const type = column.isArray ? 'ARRAY' : (TYPES[String(column.type)] ?? String(column.type));
        return `${entity.tableName}.${column.databaseName} ${type} ${column.isNullable ? 'YES' : 'NO'}`;
      }),
    );
    const stored = columns
      .filter(({ table_name }) => table_name !== 'schema_migration')
      .map(
        ({ table_name, column_name, data_type, is_nullable }) =>
          `${table_name}.${column_name} ${data_type} ${is_nullable}`,
      );
    expect(described.sort()).toEqual(stored.sort());
    expect(ENTITIES.length).toBe(source.entityMetadatas.length);
  });

  it('explains every table and column', async () => {
    const tables = await client.query<{ name: string; comment: string | null }>(
      "select relname as name, obj_description(oid) as comment from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    expect(tables.rows.filter(({ comment }) => comment === null)).toEqual([]);
    expect(
      columns
        .filter(({ comment }) => comment === null)
        .map(({ table_name, column_name }) => `${table_name}.${column_name}`),
    ).toEqual([]);
  });

  it('can be migrated again, and by several at once', async () => {
    const { migrateDatabase } = await import('../../../apps/gateway/src/database/migrate-database.js');
    await Promise.all([1, 2, 3].map(() => migrateDatabase(database.url)));
  });

  it('asks what TypeORM must not guess: an undefined condition throws', async () => {
    const [entity] = source.entityMetadatas.filter(({ tableName }) => tableName === 'api_key');
    const keys = source.getRepository<{ id: string }>(entity?.target ?? '');
    await expect(keys.findOneBy({ id: undefined as unknown as string })).rejects.toThrow();
  });

  it('takes what is polled along to the table of polls, and back', async () => {
    const runner = { query: (text: string) => client.query(text) } as unknown as Parameters<
      NarrowPolls1795000000013['up']
    >[0];
    const definitions = async (): Promise<unknown> => {
      const { rows } = await client.query(
        `select indexdef as text from pg_indexes where schemaname = 'public' and tablename in ('task', 'task_poll', 'task_event')
          union all select conname || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'task_event'::regclass
          order by 1`,
      );
      return rows;
    };
    const before = await definitions();
    const migration = new NarrowPolls1795000000013();
    await migration.down(runner);
    await client.query(`
      insert into upstream (id, name, base_url) overriding system value values (7, 'up', 'http://up.test');
      insert into api_key (id, name, prefix, key_hash) overriding system value values (7, 'key', 'k', sha256('k'));
      insert into task (id, api_key_id, action, mode, bot_type, status, base_url, upstream_id, upstream_task_id, next_poll_at)
        select n, 7, 'IMAGINE', 'FAST', 'MID_JOURNEY', 'SUBMITTED', '', 7, n, case when n > 1 then timestamptz '2030-01-01' end
        from generate_series(1, 3) n`);
    await migration.up(runner);
    const { rows } = await client.query('select * from task_poll order by task_id');
    expect(rows).toMatchObject([
      { task_id: '2', upstream_id: '7' },
      { task_id: '3', upstream_id: '7' },
    ]);
    expect(await definitions()).toEqual(before);
    await client.query('truncate api_key, upstream cascade');
  });
});
