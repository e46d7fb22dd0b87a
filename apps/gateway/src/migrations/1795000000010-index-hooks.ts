import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the admin API reads page by page. */
export class IndexHooks1795000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create index hook_newest on hook_delivery (created_at desc, task_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index hook_newest');
  }
}
