import { SqlMistake } from './sql-text.js';

/** Why the reader's own query was not answered, in words for them. */
export class SqlFault extends Error {
  /** @param position in the query, from 1; null: Postgres names none */
  constructor(
    message: string,
    readonly position: number | null,
  ) {
    super(message);
  }
}

/** Too many of this session, or of all, are under way. */
export class SqlBusyError extends Error {}

interface PostgresError {
  code: string;
  message: string;
  hint?: string;
  position?: string;
}

/**
 * Classes of failures that are about the query: syntax and rights (42), data (22, 21), what is not supported (0A), limits of
 * statements (54), cancelled (57014), read-only (25006), wrong state (25, 2D, 34, 55), limits of the role (53400).
 */
const OF_THE_QUERY = /^(?:42|22|21|0A|54|25|2D|2F|34|38|39|3F|55|P0|57014|53400|53200)/;

/** A failure of Postgres as the reader's, or null where it is not about the query. @param offset of the query in what was sent */
export function faultOf(error: unknown, sourceOf: (position: number) => number, offset: number): SqlFault | null {
  if (error instanceof SqlMistake) return new SqlFault(error.message, error.position);
  if (!isPostgresError(error) || !OF_THE_QUERY.test(error.code)) return null;
  const position = Number(error.position ?? 0) - offset;
  return new SqlFault(
    [wordsOf(error), error.hint].filter((text) => text !== undefined && text !== '').join('. '),
    position > 0 ? sourceOf(position) : null,
  );
}

function wordsOf({ code, message }: PostgresError): string {
  if (code === '42601' && message.includes('multiple commands')) return 'only one statement at a time';
  return message;
}

function isPostgresError(error: unknown): error is PostgresError {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[0-9A-Z]{5}$/.test(error.code)
  );
}
