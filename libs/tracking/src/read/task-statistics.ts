import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { TASK_STATISTICS, type TaskStatisticsReport } from '../store/reads/task-statistics.js';

/** Statistics of tasks for operators. */
@Injectable()
export class TaskStatistics {
  constructor(private readonly database: Database) {}

  /** Statistics of the tasks submitted from `from` to before `to`. @throws DatabaseUnavailableError, also on timeout */
  async of(from: Date, to: Date, signal?: AbortSignal): Promise<TaskStatisticsReport> {
    const [row] = await this.database.run(TASK_STATISTICS, { from, to }, signal);
    if (row === undefined) throw new Error('the statistics gave no row');
    return row;
  }
}
