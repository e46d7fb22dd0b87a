import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Follow-ups that left the upstream of their parent. */
export class RebaseFollowUps1797000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task add column rebased_from bigint;
      comment on column task.rebased_from is
        'Upstream of its parent, where the task went to another one with the kept picture of its parent; null: it did not.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column rebased_from');
  }
}
