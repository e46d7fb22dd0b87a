import pg from 'pg';
import { DataSource } from 'typeorm';
import { dataSourceOptions, ENTITIES } from '../../apps/gateway/src/data-source.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

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
    const { migrateDatabase } = await import('../../apps/gateway/src/migrate-database.js');
    await Promise.all([1, 2, 3].map(() => migrateDatabase(database.url)));
  });

  it('asks what TypeORM must not guess: an undefined condition throws', async () => {
    const [entity] = source.entityMetadatas.filter(({ tableName }) => tableName === 'api_key');
    const keys = source.getRepository<{ id: string }>(entity?.target ?? '');
    await expect(keys.findOneBy({ id: undefined as unknown as string })).rejects.toThrow();
  });
});
