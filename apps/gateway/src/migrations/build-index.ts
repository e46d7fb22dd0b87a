import type { QueryRunner } from 'typeorm';

/**
 * Builds an index while others write to its table, which takes two walks through it and as long as the longest transaction
 * that runs. One that an interrupted build has left half done is made anew. For migrations with `transaction = false`.
 * @param definition what follows `on`
 */
export async function buildIndex(runner: QueryRunner, name: string, definition: string): Promise<void> {
  const rows = (await runner.query('select indisvalid as "isValid" from pg_index where indexrelid = to_regclass($1)', [
    name,
  ])) as { isValid: boolean }[];
  const [found] = rows;
  if (found?.isValid === true) return;
  if (found !== undefined) await dropIndex(runner, name);
  await patiently(runner, `create index concurrently ${name} on ${definition}`);
}

/** Drops an index while others use its table. */
export async function dropIndex(runner: QueryRunner, name: string): Promise<void> {
  await patiently(runner, `drop index concurrently if exists ${name}`);
}

/** It waits for transactions, and holds nobody up meanwhile: what limits other waits of migrations does not belong here. */
async function patiently(runner: QueryRunner, statement: string): Promise<void> {
  await runner.query('set lock_timeout = 0');
  try {
    await runner.query(statement);
  } finally {
    await runner.query('reset lock_timeout');
  }
}
