import type { ClientBase } from 'pg';

const TABLES = ['task', 'task_event', 'ledger', 'hook_delivery', 'hook_attempt', 'asset', 'upstream_call'];

/**
 * Runs `load` on tables without secondary indexes and foreign keys, which are made again afterwards: checking and sorting
 * once is many times faster than once a row. To be called in a transaction, for others must not see the tables so.
 */
export async function withoutIndexes(client: ClientBase, load: () => Promise<void>): Promise<void> {
  const { rows: keys } = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
      from pg_constraint where contype = 'f' and conrelid = any($1::regclass[])`,
    [TABLES],
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select quote_ident(indexname) as name, indexdef as definition from pg_indexes
      where schemaname = current_schema() and tablename = any($1)
        and not exists (select from pg_constraint where conindid = (quote_ident(schemaname) || '.' || quote_ident(indexname))::regclass)`,
    [TABLES],
  );
  for (const { table, name } of keys) await client.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await load();
  for (const { definition } of indexes) await client.query(definition);
  for (const { table, name, definition } of keys) {
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
  }
}
