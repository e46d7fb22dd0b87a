import type { QueryRunner } from 'typeorm';

/** One relation of schema `report`, with what is said about it and about each of its columns. */
export interface Report {
  readonly name: string;
  readonly kind: 'view' | 'materialized view' | 'type';
  /** The statements that make it. */
  readonly sql: string;
  readonly about: string;
  /** In the order of the columns. */
  readonly columns: Readonly<Record<string, string>>;
}

/** A text as an SQL literal. */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Makes a relation and comments it and every column of it. */
export async function createReport(runner: QueryRunner, report: Report): Promise<void> {
  const { name, kind, sql, about, columns } = report;
  await runner.query(sql);
  const comments = Object.entries(columns).map(
    ([column, text]) => `comment on column report.${name}.${column} is ${quote(text)};`,
  );
  await runner.query([`comment on ${kind} report.${name} is ${quote(about)};`, ...comments].join('\n'));
}
