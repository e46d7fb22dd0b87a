import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is due is put right by one process when the clock is set back. */
export class LockClockJob1796000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query("insert into job_lock (name) values ('clock')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query("delete from job_lock where name = 'clock'");
  }
}
