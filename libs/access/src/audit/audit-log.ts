import { statement, type StatementRunner } from '#libs/database';

/** One write through the admin API. Nothing in it is a secret. */
export interface AuditNote {
  requestId: string;
  /** Method and route. */
  route: string;
  /** What was changed, as `kind:id`. */
  target: string;
  /** What was asked for. */
  detail: object;
}

/** `detail`: JSON. */
const RECORD = statement<Omit<AuditNote, 'detail'> & { detail: string }, object>({
  name: 'audit_record',
  pool: 'http',
  text: 'insert into audit_log (request_id, route, target, detail) values (:requestId, :route, :target, :detail::jsonb)',
});

/**
 * Writes a note with `runner`: of a transaction, so that the note and what it tells of are there together or not at all.
 * @throws DatabaseUnavailableError
 */
export async function recordAudit(
  runner: StatementRunner,
  { requestId, route, target, detail }: AuditNote,
): Promise<void> {
  await runner.run(RECORD, { requestId, route, target, detail: JSON.stringify(detail) });
}
