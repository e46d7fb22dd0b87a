import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One at a time counts a key's waiting line and adds to it, whatever upstreams its tasks are for. */
export class LockQueue1796000000075 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The account of a key without limits is locked by nobody else; each statement of the function sees what was committed
    // before that statement.
    await runner.query(`
      create or replace function waiting_line(key bigint) returns table (waiting bigint, bytes bigint) language sql volatile as $$
        select from account a where a.api_key_id = key for no key update;
        select count(*), coalesce((select sum(i.bytes) from task_input i where i.api_key_id = key), 0)::bigint
        from task t where t.waiting and t.api_key_id = key
      $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function waiting_line(key bigint) returns table (waiting bigint, bytes bigint) language sql volatile as $$
        select count(*), coalesce((select sum(i.bytes) from task_input i where i.api_key_id = key), 0)::bigint
        from task t where t.waiting and t.api_key_id = key
      $$`);
  }
}
