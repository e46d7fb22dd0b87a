import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import type { FailCode, TaskAction, TaskMode } from '#libs/wire';
import { TASK_STATISTICS } from '../store/reads/task-statistics.js';

/** Counts of tasks: `submitted` is the sum of the next five, as in report.task_daily. */
export interface TaskCounts {
  submitted: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  refused: number;
  unfinished: number;
  /** Credits that they cost now, decimal string. */
  kept: string;
}

/** Seconds from submit to SUCCESS; null where none has succeeded. */
export interface TaskSeconds {
  p50Seconds: number | null;
  p95Seconds: number | null;
}

/** What became of the tasks of a time. */
export interface TaskStatisticsReport {
  /** `refunded`: credits given back. */
  total: TaskCounts & TaskSeconds & { waiting: number; refunded: string };
  byAction: (TaskCounts & TaskSeconds & { action: TaskAction; mode: TaskMode })[];
  byUpstream: (TaskCounts & { upstreamId: string })[];
  /** The most frequent first; refused ones count here too. */
  failures: { kind: FailCode; count: number }[];
}

/** Counts tasks for operators. */
@Injectable()
export class TaskStatistics {
  constructor(private readonly database: Database) {}

  /** Of the tasks submitted from `from` to before `to`. @throws DatabaseUnavailableError, also when it takes too long */
  async of(from: Date, to: Date, signal?: AbortSignal): Promise<TaskStatisticsReport> {
    const [row] = await this.database.run<TaskStatisticsReport>(TASK_STATISTICS, [from, to], signal);
    if (row === undefined) throw new Error('the statistics gave no row');
    return row;
  }
}
