import { Injectable, Logger } from '@nestjs/common';
import { recordAudit, type AuditNote } from '#libs/access';
import { Database, type StatementRunner } from '#libs/database';
import type { AdminCall } from './admin-call.js';

/** An entry of the audit log: its target as `kind:id`, and the request without secrets. */
export type AuditSubject = Pick<AuditNote, 'target' | 'detail'>;

/** Writes every change that the admin API makes to audit_log. */
@Injectable()
export class AdminAudit {
  private readonly log = new Logger(AdminAudit.name);

  constructor(private readonly database: Database) {}

  /** Runs a change and its audit entry as one transaction. @throws what `work` throws, and then nothing was written */
  async within<T>(call: AdminCall, subject: AuditSubject, work: (runner: StatementRunner) => Promise<T>): Promise<T> {
    return this.database.transaction('http', async (runner) => {
      const result = await work(runner);
      await recordAudit(runner, { ...call, ...subject });
      return result;
    });
  }

  /**
   * Writes the audit entry of a change that was committed in transactions of its own. The change cannot be undone any more, so
   * an entry that cannot be written goes to the log instead.
   */
  async after(call: AdminCall, subject: AuditSubject): Promise<void> {
    const note = { ...call, ...subject };
    try {
      await recordAudit(this.database, note);
    } catch (error) {
      this.log.error({ alarm: 'a write is missing in audit_log', ...note, cause: String(error) });
    }
  }
}
