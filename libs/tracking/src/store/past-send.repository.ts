import { Injectable } from '@nestjs/common';
import { Database, rowReader } from '#libs/database';
import { PastSend } from '../task/past-send.entity.js';
import { CLAIM_PAST_SENDS, NOTE_LATE_ACCEPTANCE, POSTPONE_PAST_SENDS } from './claims/claim-past-sends.js';
import { FIND_ANY_MANY } from './reads/any-task.js';
import { Task } from '../task/task.entity.js';

const readPastSend = rowReader(PastSend);
const readTask = rowReader(Task);

/** SQL on sends that were followed by another one: one method per statement. */
@Injectable()
export class PastSendRepository {
  constructor(private readonly database: Database) {}

  /** Claims up to `limit` sends whose upstream is to be asked again, for `leaseMs`. */
  async claim(limit: number, leaseMs: number): Promise<PastSend[]> {
    return (await this.database.run(CLAIM_PAST_SENDS, { limit, leaseMs })).map(readPastSend);
  }

  /** Looks at each again in so many ms, or never. @param counts whether this look was one */
  async postpone(sends: readonly { send: PastSend; ms: number | null }[], counts: boolean): Promise<void> {
    if (sends.length === 0) return;
    await this.database.run(POSTPONE_PAST_SENDS, {
      taskIds: sends.map(({ send }) => send.taskId),
      attempts: sends.map(({ send }) => send.attempt),
      delaysMs: sends.map(({ ms }) => ms),
      looks: counts ? 1 : 0,
    });
  }

  /** Writes down that its upstream took it after all, as `upstreamTaskId`. False: somebody has. */
  async noteLate({ taskId, attempt }: PastSend, upstreamTaskId: string): Promise<boolean> {
    return (await this.database.run(NOTE_LATE_ACCEPTANCE, { taskId, attempt, upstreamTaskId })).length > 0;
  }

  /** The tasks of these ids, as their rows are, of whatever key. */
  async tasksOf(ids: readonly string[]): Promise<Map<string, Task>> {
    const rows = (await this.database.run(FIND_ANY_MANY, { taskIds: ids })).map(readTask);
    return new Map(rows.map((task) => [task.id, task]));
  }
}
