import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LedgerEntry } from '#libs/access';
import { TaskEventRow, TaskRepository, TaskViews, type Task } from '#libs/tracking';
import { Problem } from '../../http/errors/problem.js';
import { HookReads } from '../hooks/hook-reads.js';
import type { TaskDossierDto } from './admin-task.dto.js';
import { toAdminTask } from './admin-task.view.js';
import { StuckReads } from './stuck-reads.js';
import { TaskNameReads } from './task-names.js';
import type { UpstreamCallDto } from './task-trace.dto.js';

const LONGEST_TIMELINE = 1_000;
const MOST_CALLS = 100;

/** The newest first. */
const LIST_CALLS = `
  select c.id::text, c.at, c.upstream_id::text as "upstreamId", u.name as "upstreamName", c.operation, c.result, c.max_ms as ms
  from upstream_call c join upstream u on u.id = c.upstream_id
  where c.task_id = $1 order by c.id desc limit ${MOST_CALLS}`;

/** Reads everything that is stored about one task. */
@Injectable()
export class TaskDetails {
  constructor(
    private readonly source: DataSource,
    private readonly tasks: TaskRepository,
    private readonly hooks: HookReads,
    private readonly views: TaskViews,
    private readonly names: TaskNameReads,
    private readonly stuck: StuckReads,
  ) {}

  /** @throws Problem `not_found` */
  async find(id: string): Promise<Task> {
    const task = /^\d{1,18}$/.test(id) ? await this.tasks.findAny(id) : null;
    if (task === null) throw new Problem('not_found', 'No such task');
    return task;
  }

  /** @throws Problem `not_found` */
  async read(id: string, linkBase: string): Promise<TaskDossierDto> {
    const task = await this.find(id);
    const lines = this.source.getRepository(TaskEventRow);
    const ledger = this.source.getRepository(LedgerEntry);
    const [timeline, moves, delivery, names, calls, stuck] = await Promise.all([
      lines.find({ where: { taskId: task.id }, order: { id: 'ASC' }, take: LONGEST_TIMELINE }),
      ledger.find({ where: { taskId: task.id }, order: { id: 'ASC' } }),
      this.hooks.find(task.id),
      this.names.of([task]),
      this.source.query<UpstreamCallDto[]>(LIST_CALLS, [task.id]),
      this.stuck.of(task),
    ]);
    return {
      task: toAdminTask(task, { names, views: this.views, linkBase }),
      timeline: timeline.map(({ at, version, kind, source, status, progress, detail }) => ({
        at,
        version,
        kind,
        source,
        status,
        progress,
        detail,
      })),
      delivery,
      ledger: moves.map(({ id: entry, at, kind, amount, note }) => ({ id: entry, at, kind, amount, note })),
      calls: calls.reverse(),
      stuck,
    };
  }
}
