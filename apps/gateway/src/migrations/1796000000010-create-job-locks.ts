import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/**
 * Locks of jobs are rows of a table that only the owner reaches. An advisory lock anybody may take who may connect, a login for
 * reports included, and whoever holds one stops the job without a word.
 */
export class CreateJobLocks1796000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table job_lock (name text primary key);
      insert into job_lock (name) values ('books'), ('reports_refresh'), ('reports_secure')`);
    await describe(runner, 'job_lock', 'A job that one process does at a time: its row is locked while it is done.', {
      name: 'The job.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table job_lock');
  }
}
