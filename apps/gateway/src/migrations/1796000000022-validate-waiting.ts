import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Proves the condition of the step before on every row, in a transaction of its own that lets all go on reading and writing. */
export class ValidateWaiting1796000000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task validate constraint task_waiting_status');
  }

  async down(): Promise<void> {
    // What is proven stays so.
  }
}
