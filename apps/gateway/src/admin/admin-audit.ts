import { Injectable, Logger } from '@nestjs/common';
import { recordAudit, type AuditNote } from '#libs/access';
import { Database, type StatementRunner } from '#libs/database';
import type { AdminCall } from './admin-call.js';

/** What was changed, as `kind:id`, and what was asked for; no secrets. */
export type AuditSubject = Pick<AuditNote, 'target' | 'detail'>;

/** Sees to it that every write through this API stands in audit_log. */
@Injectable()
export class AdminAudit {
  private readonly log = new Logger(AdminAudit.name);

  constructor(private readonly database: Database) {}

  /** Runs a write and its note as one transaction. @throws what `work` throws, and then nothing was written */
  async within<T>(call: AdminCall, subject: AuditSubject, work: (runner: StatementRunner) => Promise<T>): Promise<T> {
    return this.database.transaction('http', async (runner) => {
      const result = await work(runner);
      await recordAudit(runner, { ...call, ...subject });
      return result;
    });
  }

  /**
   * Writes the note of something that was done in transactions of its own. It cannot be undone any more, so a note that
   * cannot be written goes to the log instead.
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
