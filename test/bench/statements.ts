import type { Bench, Load } from './bench.js';
import type { StatementFigures } from './bench-postgres.js';

const REQUESTS = 500;

/**
 * Statements that one request costs, by PostgreSQL's own count of those that name `about`: one connection, so that
 * nothing is gathered, and without what goes on in the background anyway.
 */
export async function perRequest(bench: Bench, databaseUrl: string, load: Load, about: string): Promise<number> {
  const statements = await bench.postgres.statementsOf(databaseUrl, () =>
    load.run({ connections: 1, count: REQUESTS }),
  );
  // What runs once per request or more: the background is far below that.
  const often = statements.filter(({ query, calls }) => query.includes(about) && calls >= REQUESTS / 10);
  tellStatements(bench, often, REQUESTS, 'a request');
  return often.reduce((sum, { calls }) => sum + calls, 0) / REQUESTS;
}

/** Says what each statement cost, and how often it was run for one unit of work. */
export function tellStatements(
  bench: Bench,
  statements: readonly StatementFigures[],
  units: number,
  unit: string,
): void {
  for (const { query, calls, meanMs } of statements) {
    const text = query.replace(/\s+/g, ' ').slice(0, 80);
    bench.say(`  ${(calls / units).toFixed(2)} ${unit}, ${meanMs.toFixed(3)} ms each: ${text}`);
  }
}
