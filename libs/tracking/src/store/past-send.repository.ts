import { Injectable } from '@nestjs/common';
import { Database, rowReader } from '#libs/database';
import { PastSend } from '../task/past-send.entity.js';
import { CLAIM_PAST_SENDS, NOTE_LATE_ACCEPTANCE, POSTPONE_PAST_SENDS } from './claims/claim-past-sends.js';
import { FIND_ANY_MANY } from './reads/any-task.js';
import { Task } from '../task/task.entity.js';

const readPastSend = rowReader(PastSend);
const readTask = rowReader(Task);

/** SQL on past attempts: one method per statement. */
@Injectable()
export class PastSendRepository {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` past attempts whose upstream has to be asked again; the claim ends after `leaseMs`. */
  async claim(limit: number, leaseMs: number): Promise<PastSend[]> {
    return (await this.database.run(CLAIM_PAST_SENDS, { limit, leaseMs })).map(readPastSend);
  }

  /**
   * Schedules the next look-up of each attempt in `ms`; null: no further one.
   * @param counts whether this look-up counts
   */
  async postpone(sends: readonly { send: PastSend; ms: number | null }[], counts: boolean): Promise<void> {
    if (sends.length === 0) return;
    await this.database.run(POSTPONE_PAST_SENDS, {
      taskIds: sends.map(({ send }) => send.taskId),
      attempts: sends.map(({ send }) => send.attempt),
      delaysMs: sends.map(({ ms }) => ms),
      looks: counts ? 1 : 0,
    });
  }

  /**
   * Records that the upstream accepted the attempt late, as `upstreamTaskId`. False: another replica recorded it first.
   */
  async noteLate({ taskId, attempt }: PastSend, upstreamTaskId: string): Promise<boolean> {
    return (await this.database.run(NOTE_LATE_ACCEPTANCE, { taskId, attempt, upstreamTaskId })).length > 0;
  }

  /** The tasks with these ids, of all keys. */
  async tasksOf(ids: readonly string[]): Promise<Map<string, Task>> {
    const rows = (await this.database.run(FIND_ANY_MANY, { taskIds: ids })).map(readTask);
    return new Map(rows.map((task) => [task.id, task]));
  }
}
