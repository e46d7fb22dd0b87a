import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DATA_DICTIONARY } from './reports/dictionary.js';
import { FAILURE_REASONS_DAILY, SLA_DAILY } from './reports/failures.js';
import { HOOK_DAILY, HOOK_DEAD_LETTERS, HOOK_HOSTS } from './reports/hooks.js';
import { DROP_REPORT_INDEXES, REPORT_INDEXES } from './reports/indexes.js';
import { API_KEY_DAILY, SPEND_MONTHLY } from './reports/keys.js';
import { QUEUE_NOW, STUCK_TASKS } from './reports/queue.js';
import { createReport, type Report } from './reports/report.js';
import { SECURE_REPORTS } from './reports/reporter-role.js';
import { TASK_DAILY, TASK_DAILY_ROLLUP, TASK_WINDOW, TASK_WINDOW_ROW } from './reports/task-days.js';
import { TASKS } from './reports/tasks.js';
import { TASK_TIMELINE } from './reports/timeline.js';
import { UPSTREAM_DAILY, UPSTREAM_NOW } from './reports/upstreams.js';

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
 * Schema `report`, public API of its own: views, one stored, one function, and the role that reads nothing else. A later
 * migration that changes one of its columns says so in CHANGELOG.md.
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
