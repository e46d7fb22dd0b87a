import type { QueryRunner } from 'typeorm';

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Comments a table and every column of it, for the people who read the schema in psql. */
export async function describe(
  runner: QueryRunner,
  table: string,
  about: string,
  columns: Record<string, string>,
): Promise<void> {
  const comments = Object.entries(columns).map(
    ([column, text]) => `comment on column ${table}.${column} is ${quote(text)};`,
  );
  await runner.query([`comment on table ${table} is ${quote(about)};`, ...comments].join('\n'));
}
