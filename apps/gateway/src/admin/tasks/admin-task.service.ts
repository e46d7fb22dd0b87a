import { Injectable } from '@nestjs/common';
import { recordAudit } from '#libs/access';
import { Database } from '#libs/database';
import { TaskAdmin, TaskStatistics, type AdminMove, type Recorder, type Task } from '#libs/tracking';
import { ReadPermits } from '../../traffic/read-permits.js';
import { Problem, wrongField } from '../../http/errors/problem.js';
import type { AdminCall } from '../admin-call.js';
import type { StatsQuery } from './admin-task.query.dto.js';
import type { StatsDto } from './stats.dto.js';
import { RETRY_AFTER } from '../../http/errors/retry-after.js';

const DAY_MS = 86_400_000;
const LONGEST_STATS_MS = 366 * DAY_MS;

/** Actions of operators on tasks, and statistics of tasks. */
@Injectable()
export class AdminTaskService {
  constructor(
    private readonly admin: TaskAdmin,
    private readonly statistics: TaskStatistics,
    private readonly database: Database,
    private readonly permits: ReadPermits,
  ) {}

  /** Ends a task in FAILURE, refunded, with its hook. @throws Problem 404, 409 when it has ended */
  async fail(id: string, reason: string, call: AdminCall): Promise<Task> {
    return moved(await this.admin.fail(id, reason, recorder(call, { reason })));
  }

  /** Gives its credits back. @throws Problem 404, 409 when there are none */
  async refund(id: string, note: string, call: AdminCall): Promise<Task> {
    return moved(await this.admin.refund(id, note, recorder(call, { note })));
  }

  /** @throws Problem for a time that is none, or longer than a year */
  async stats(query: StatsQuery, signal: AbortSignal): Promise<StatsDto> {
    const to = query.to ?? this.database.now();
    const from = query.from ?? new Date(to.getTime() - DAY_MS);
    if (from >= to) throw wrongField('from', 'must be before to');
    if (to.getTime() - from.getTime() > LONGEST_STATS_MS) throw wrongField('from', 'must be within 366 days before to');
    return { from, to, ...(await this.permits.search(() => this.statistics.of(from, to, signal))) };
  }
}

function recorder(call: AdminCall, detail: object): Recorder {
  return (run, task) => recordAudit(run, { ...call, target: `task:${task.id}`, detail });
}

function moved(move: AdminMove): Task {
  switch (move.kind) {
    case 'done':
      return move.task;
    case 'unknown_task':
      throw new Problem('not_found', 'No such task');
    case 'finished':
      throw new Problem('state_forbids', `The task has ended already, in ${move.task.status}`);
    case 'nothing_to_refund':
      throw new Problem(
        'state_forbids',
        Number(move.task.price) === 0
          ? 'The task has nothing to give back: it cost nothing'
          : 'The task has nothing to give back: its credits were given back already',
      );
    case 'busy':
      throw new Problem('database_unavailable', 'The task is changing too fast; nothing was done', {
        retryAfter: RETRY_AFTER.row,
      });
  }
}
