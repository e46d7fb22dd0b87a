import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is asked with every beat of the background reads nothing that is not due: waits that are not over, aliases that ended.
 *
 * The foreign key of tries goes: its check was a seventh of what settling a hook cost (4 µs), no delivery is ever deleted,
 * and every try is written by the statement that settles its delivery.
 */
export class IndexDueWork1795000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index task_wait on task (wait_until) where waiting;
      create index task_alias_open on task (alias_of) where alias_of is not null and finished_at is null;
      alter table hook_attempt drop constraint hook_attempt_task_id_fkey`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table hook_attempt add constraint hook_attempt_task_id_fkey
        foreign key (task_id) references hook_delivery (task_id) on delete cascade;
      drop index task_alias_open, task_wait`);
  }
}
