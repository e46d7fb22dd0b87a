/** Postgres could not be reached, has no free connection, or is going down: nothing is known to have happened. */
export class DatabaseUnavailableError extends Error {
  constructor(cause: unknown) {
    super('the database is not available', { cause });
  }
}

/**
 * Postgres ended a statement that ran longer than it may, or that somebody cancelled. It was undone, like one that met an
 * outage, but it is this statement's affair: all others go on.
 */
export class StatementCancelledError extends DatabaseUnavailableError {}

/** Whoever a statement was for had left before its end. */
export class StatementAbandonedError extends StatementCancelledError {}

interface PostgresFault {
  code: string;
  constraint?: string;
}

function faultOf(error: unknown): PostgresFault | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? (error as PostgresFault)
    : null;
}

/** The name of the unique constraint or index that a statement violated; null for any other failure. */
export function violatedConstraint(error: unknown): string | null {
  const fault = faultOf(error);
  return fault?.code === '23505' ? (fault.constraint ?? '') : null;
}

/** Serialization failure or deadlock: the statement was undone and may be run again. */
export function isRetryableFault(error: unknown): boolean {
  const code = faultOf(error)?.code;
  return code === '40001' || code === '40P01';
}

/** A prepared statement whose columns a migration has changed since: Postgres refuses to begin it, so nothing is done. */
export function isStalePlan(error: unknown): boolean {
  // feature_not_supported says many things; this one has no code of its own, and its words may be in another language.
  return faultOf(error)?.code === '0A000' && (error as { routine?: unknown }).routine === 'RevalidateCachedQuery';
}

/** Whether Postgres refused a statement for what it was asked to do, and so undid all of it. Of what `Database` throws. */
export function isStatementFault(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(faultOf(error)?.code ?? '');
}

/** Whether a failure is of the data sent (class 22, or a CHECK), not of the database. */
export function isDataFault(error: unknown): boolean {
  const code = faultOf(error)?.code ?? '';
  return /^[0-9A-Z]{5}$/.test(code) && (code.startsWith('22') || code === '23514');
}

/** Whether a number came out that its column, or its type, cannot hold. The statement was undone. */
export function isOutOfRange(error: unknown): boolean {
  return faultOf(error)?.code === '22003';
}

/** Whether Postgres ended a statement for its length, or because somebody had it cancelled. */
export function isCancelled(error: unknown): boolean {
  return error instanceof StatementCancelledError || faultOf(error)?.code === '57014';
}

/** What a failure is, in a word that names no address and nothing of what was asked. */
export function classOf(error: unknown): string {
  if (error instanceof DatabaseUnavailableError) return classOf(error.cause);
  const code = faultOf(error)?.code;
  if (code !== undefined) return code;
  const message = error instanceof Error ? error.message : '';
  if (/timeout exceeded when trying to connect/i.test(message)) return 'no free connection';
  return /timeout/i.test(message) ? 'no answer in time' : 'connection lost';
}

const SOCKET_FAULTS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** Lost connection, refused connection, no free slot, shutdown, pool wait, disk full or read-only. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailableError) return true;
  const code = faultOf(error)?.code ?? '';
  if (SOCKET_FAULTS.has(code) || /^(08|53|57P|25006)/.test(code)) return true;
  const message = error instanceof Error ? error.message : '';
  return /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after calling end|Query read timeout/i.test(
    message,
  );
}
