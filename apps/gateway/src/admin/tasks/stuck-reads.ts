import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Database } from '#libs/database';
import { TaskRepository, type Task } from '#libs/tracking';
import type { StuckDto } from './task-trace.dto.js';
import { stuckReason, type StuckFacts } from './stuck-reason.js';

interface Row {
  upstream_name: string | null;
  circuit_at: Date | null;
  is_open: boolean | null;
  misconfigured: string | null;
  last_error: string | null;
  takers: number;
  hook_host: string | null;
  hook_state: string | null;
  hook_at: Date | null;
  failing_since: Date | null;
  next_what: string | null;
  next_at: Date | null;
}

/** Of a task: its upstream, how many could be sent it, its hook, and what report.task_timeline says comes next. */
const READ_FACTS = `
  select u.name as upstream_name, u.circuit_changed_at as circuit_at, u.circuit_until > now() as is_open, u.misconfigured,
    u.last_error,
    (select count(*)::int from upstream o
      where o.enabled and o.retired_at is null and (o.circuit_until is null or o.circuit_until <= now())
        and (t.upstream_id is null or o.id = t.upstream_id)
        and (o.modes is null or t.mode = any(o.modes)) and (o.actions is null or t.action = any(o.actions))) as takers,
    d.host as hook_host, d.state as hook_state, d.created_at as hook_at, h.failing_since,
    n.what as next_what, n.at as next_at
  from task t
    left join upstream u on u.id = t.upstream_id
    left join hook_delivery d on d.task_id = t.id
    left join hook_host h on h.api_key_id = d.api_key_id and h.host = d.host
    left join lateral (select what, at from report.task_timeline where task_id = $1 and track = 'next') n on true
  where t.id = $1`;

/** The words of report.task_timeline for what comes next. */
const NEXT: Readonly<Record<string, NonNullable<StuckDto['next']>['what']>> = {
  'next poll': 'poll',
  'next look-up': 'look_up',
  'sent, once a slot is free': 'send',
  'window ends': 'window_ends',
  deadline: 'deadline',
  'hook is being sent': 'hook_sending',
  'next hook try': 'hook_try',
};

/** Finds out why a task is where it is, and what comes next. */
@Injectable()
export class StuckReads {
  constructor(
    private readonly source: DataSource,
    private readonly database: Database,
    private readonly tasks: TaskRepository,
  ) {}

  /** Null: nothing more is to come. */
  async of(task: Task): Promise<StuckDto | null> {
    const [rows, ahead] = await Promise.all([
      this.source.query<Row[]>(READ_FACTS, [task.id]),
      task.waiting ? this.tasks.countAhead(task) : 0,
    ]);
    const [row] = rows;
    if (row === undefined) return null;
    const reason = stuckReason(factsOf(task, row, ahead), this.database.now());
    if (reason === null) return null;
    const what = NEXT[row.next_what ?? ''];
    return { ...reason, next: what === undefined ? null : { what, at: row.next_at } };
  }
}

function factsOf(task: Task, row: Row, ahead: number): StuckFacts {
  const { upstream_name: name, hook_host: host, hook_state: state, hook_at: createdAt } = row;
  return {
    task,
    takers: row.takers,
    ahead,
    upstream:
      name === null
        ? null
        : {
            name,
            circuitSince: row.circuit_at,
            isOpen: row.is_open === true,
            misconfigured: row.misconfigured,
            lastError: row.last_error,
          },
    hook:
      host === null || state === null || createdAt === null
        ? null
        : { host, state, createdAt, failingSince: row.failing_since },
  };
}
