import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Receivers have the day on which they were called last, so that those that nobody calls any more can be forgotten. */
export class DateReceivers1796000000076 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Those that are known count from today.
    await runner.query(`
      alter table hook_host add column used_at timestamptz not null default now();
      create index hook_host_used on hook_host (used_at);
      comment on column hook_host.used_at is 'When it was called last, to about a day.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index hook_host_used; alter table hook_host drop column used_at');
  }
}
