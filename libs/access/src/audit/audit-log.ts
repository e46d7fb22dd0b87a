import { statement, type StatementRunner } from '#libs/database';

/** One write through the admin API. It holds no secrets. */
export interface AuditNote {
  requestId: string;
  /** Method and route. */
  route: string;
  /** The record that was changed, as `kind:id`. */
  target: string;
  /** What the request asked for, without secrets. */
  detail: object;
}

/** `detail`: JSON. */
const RECORD = statement<Omit<AuditNote, 'detail'> & { detail: string }, object>({
  name: 'audit_record',
  pool: 'http',
  text: 'insert into audit_log (request_id, route, target, detail) values (:requestId, :route, :target, :detail::jsonb)',
});

/**
 * Writes a note with the `runner` of the transaction that makes the change, so that both are committed together or not at all.
 * @throws DatabaseUnavailableError
 */
export async function recordAudit(
  runner: StatementRunner,
  { requestId, route, target, detail }: AuditNote,
): Promise<void> {
  await runner.run(RECORD, { requestId, route, target, detail: JSON.stringify(detail) });
}
