import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex, dropIndex } from './build-index.js';

/** Which task a submit was for, so that the calls of a task can be shown with it. */
export class TellTaskOfCall1798000000041 implements MigrationInterface {
  /** The index is built while gateways write to the table. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // Without a default, and read by nobody else: a gateway of the version before works on beside it.
    await runner.query('alter table upstream_call add column if not exists task_id bigint');
    await runner.query(
      `comment on column upstream_call.task_id is 'The task that a submit was for; null: of other calls, and of submits before this column.'`,
    );
    await buildIndex(runner, 'upstream_call_task', 'upstream_call (task_id) where task_id is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndex(runner, 'upstream_call_task');
    await runner.query('alter table upstream_call drop column task_id');
  }
}
