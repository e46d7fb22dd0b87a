import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex, dropIndex } from './build-index.js';

/**
 * Lists of a key's tasks that are found soonest by their state, or by having come to nothing. Both leave out most tasks: a
 * submit without a state, and a task that succeeds, write neither.
 */
export class IndexLists1796000000011 implements MigrationInterface {
  /** Built while gateways write to the table. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await buildIndex(
      runner,
      'task_of_state',
      `task (api_key_id, hashtextextended(state, 0), submitted_at desc, id desc) where state <> ''`,
    );
    await buildIndex(
      runner,
      'task_fruitless',
      `task (api_key_id, status, submitted_at desc, id desc) where status in ('FAILURE', 'CANCEL')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndex(runner, 'task_of_state');
    await dropIndex(runner, 'task_fruitless');
  }
}
