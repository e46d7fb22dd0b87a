import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/**
 * A task that is sent again after a failure waits as what its client has seen it as, which may be IN_PROGRESS. The new
 * condition allows all that the old one does, so no row is looked at, and a gateway of the version before goes on as it did.
 */
export class RetryFailures1796000000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task add column retries_left smallint not null default 0');
    await this.allowWaiting(runner, "'NOT_START', 'SUBMITTED', 'IN_PROGRESS'");
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        retries_left:
          'How often it may still be sent again after a failure that is retryable; what it would send is kept so long.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await this.allowWaiting(runner, "'NOT_START', 'SUBMITTED'");
    await runner.query('alter table task drop column retries_left');
  }

  /** PostgreSQL named the condition by itself, so it is found by what it says. */
  private async allowWaiting(runner: QueryRunner, statuses: string): Promise<void> {
    await runner.query(`
      do $$
      declare found name;
      begin
        for found in select conname from pg_constraint
          where conrelid = 'task'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%NOT waiting%has_slot%'
            and pg_get_constraintdef(oid) like '%NOT_START%'
        loop
          execute format('alter table task drop constraint %I', found);
        end loop;
      end $$;
      alter table task add constraint task_waiting_status
        check (not waiting or (status in (${statuses}) and not has_slot)) not valid`);
  }
}
