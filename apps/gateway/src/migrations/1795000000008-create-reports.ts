import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DATA_DICTIONARY } from './1795000000008-reports/dictionary.js';
import { FAILURE_REASONS_DAILY, SLA_DAILY } from './1795000000008-reports/failures.js';
import { HOOK_DAILY, HOOK_DEAD_LETTERS, HOOK_HOSTS } from './1795000000008-reports/hooks.js';
import { DROP_REPORT_INDEXES, REPORT_INDEXES } from './1795000000008-reports/indexes.js';
import { API_KEY_DAILY, SPEND_MONTHLY } from './1795000000008-reports/keys.js';
import { QUEUE_NOW, STUCK_TASKS } from './1795000000008-reports/queue.js';
import { createReport, type Report } from './1795000000008-reports/report.js';
import { SECURE_REPORTS } from './1795000000008-reports/reporter-role.js';
import { TASK_DAILY, TASK_DAILY_ROLLUP, TASK_WINDOW, TASK_WINDOW_ROW } from './1795000000008-reports/task-days.js';
import { TASKS } from './1795000000008-reports/tasks.js';
import { TASK_TIMELINE } from './1795000000008-reports/timeline.js';
import { UPSTREAM_DAILY, UPSTREAM_NOW } from './1795000000008-reports/upstreams.js';

/** In the order they are made: what is summed before its sums. */
const REPORTS: readonly Report[] = [
  TASKS,
  TASK_WINDOW_ROW,
  TASK_DAILY,
  TASK_DAILY_ROLLUP,
  TASK_TIMELINE,
  QUEUE_NOW,
  STUCK_TASKS,
  FAILURE_REASONS_DAILY,
  SLA_DAILY,
  API_KEY_DAILY,
  SPEND_MONTHLY,
  UPSTREAM_DAILY,
  UPSTREAM_NOW,
  HOOK_DAILY,
  HOOK_HOSTS,
  HOOK_DEAD_LETTERS,
  DATA_DICTIONARY,
];

/**
 * Schema `report`, public API of its own: views, one stored, one function, and the role that reads nothing else. Its text
 * stands in 1795000000008-reports/ and is as fixed as this file: a later migration replaces a view by text of its own, and
 * says in CHANGELOG.md which columns it changes.
 */
export class CreateReports1795000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema report;
      comment on schema report is
        'What everything that happened looks like in SQL: public API, read by role journeyman_reporter. No prompts, hook paths, addresses, hashes or secrets.';
      ${REPORT_INDEXES}`);
    for (const report of REPORTS) await createReport(runner, report);
    await runner.query(TASK_WINDOW);
    await runner.query(SECURE_REPORTS);
  }

  /** The role stays: it belongs to the server, where other databases may use it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop schema report cascade; ${DROP_REPORT_INDEXES}`);
  }
}
