import type { MigrationInterface, QueryRunner } from 'typeorm';
import { FAILURE_REASONS_DAILY } from './1795000000008-reports/failures.js';
import { QUEUE_NOW, STUCK_TASKS } from './1795000000008-reports/queue.js';
import { quote, type Report } from './1795000000008-reports/report.js';
import { TASKS } from './1795000000008-reports/tasks.js';
import { UPSTREAM_DAILY } from './1795000000008-reports/upstreams.js';

/** A column at the end of a view, so that the views that are made of it need not be made anew. */
interface AddedColumn {
  view: Report;
  column: string;
  about: string;
  /** Where the text of the view, which never changes, gets more: behind the first of each pair stands the second. */
  inserts: readonly (readonly [behind: string, text: string])[];
}

const KIND = 'Which dialect its upstream speaks';

/** In this order: failure_reasons_daily is made of tasks. */
const COLUMNS: readonly AddedColumn[] = [
  {
    view: TASKS,
    column: 'upstream_kind',
    about: `${KIND}; null: none chosen.`,
    inserts: [['length(t.prompt) as prompt_length', ', u.kind as upstream_kind']],
  },
  {
    view: FAILURE_REASONS_DAILY,
    column: 'upstream_kind',
    about: `${KIND}; null: none chosen.`,
    inserts: [['t.task_id desc))[1] as sample_reason', ', min(t.upstream_kind) as upstream_kind']],
  },
  {
    view: UPSTREAM_DAILY,
    column: 'kind',
    about: 'Which dialect it speaks.',
    inserts: [
      ['as ok_ratio, p50_ms, p95_ms', ', kind'],
      ['c.operation,\n', 'min(u.kind) as kind,\n'],
    ],
  },
  {
    view: QUEUE_NOW,
    column: 'upstream_kind',
    about: `${KIND}; null: they wait for one.`,
    inserts: [
      ['as past_deadline', ', min(kind) as upstream_kind'],
      ['t.submitted_at, t.deadline_at,', ' u.kind,'],
    ],
  },
  {
    view: STUCK_TASKS,
    column: 'upstream_kind',
    about: `${KIND}; null: none yet.`,
    inserts: [
      [`else 'its upstream does not answer' end as why`, ', kind as upstream_kind'],
      ['select t.id as task_id, t.status,', ' u.kind,'],
    ],
  },
];

/** Views that show upstreams say which kind each is. `report.upstream_now` does so from the beginning. */
export class ReportKinds1797000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { view, column, about, inserts } of COLUMNS) {
      const text = inserts.reduce((sql, [behind, more]) => {
        if (!sql.includes(behind)) throw new Error(`report.${view.name} has another text`);
        return sql.replace(behind, () => behind + more);
      }, view.sql);
      await runner.query(text.replace('create view', 'create or replace view'));
      await runner.query(`comment on column report.${view.name}.${column} is ${quote(about)}`);
    }
  }

  /** The columns stay: a view loses none while others are made of it, and the version before asks for none of them. */
  async down(): Promise<void> {
    return Promise.resolve();
  }
}
