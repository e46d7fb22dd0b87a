import { createHash } from 'node:crypto';
import type { Database } from './database.js';
import type { DatabaseClock } from './database-clock.js';
import type { Statement } from './statement.js';

/**
 * Asks Postgres by one prepared statement which of several SQL conditions hold. Its answer carries the database's time,
 * so the process learns that without a statement of its own.
 */
export class DueProbe {
  private known: { conditions: readonly string[]; statement: Statement } | null = null;

  /** @param clock is told the database's time with every answer */
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly clock?: Pick<DatabaseClock, 'begin'>,
  ) {}

  /**
   * Whether each condition holds, in their order.
   * @param conditions SQL without parameters; the same array each time, or the statement is written anew
   * @throws DatabaseUnavailableError when Postgres is away
   */
  async ask(conditions: readonly string[]): Promise<readonly boolean[]> {
    if (this.known?.conditions !== conditions) this.known = { conditions, statement: statementOf(conditions) };
    const endReading = this.clock?.begin();
    const [row] = await this.database.run<{ due: boolean[]; at: Date }>(this.known.statement);
    if (row === undefined) return [];
    endReading?.(row.at);
    return row.due;
  }
}

function statementOf(conditions: readonly string[]): Statement {
  const list = conditions.map((condition) => `(${condition})`).join(',\n    ');
  const text = `select array[${list}] as due, clock_timestamp() as at`;
  // A prepared statement keeps its text, and processes (and tests) differ in the conditions they ask.
  const name = `pulse_${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return { name, pool: 'work', text };
}
