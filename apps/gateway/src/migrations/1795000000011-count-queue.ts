import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The length of a key's waiting line as it is now, for a statement that has waited for a lock. */
export class CountQueue1795000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Volatile functions see what was committed since the statement around them began; its own subqueries do not.
    await runner.query(`
      create function waiting_line(key bigint) returns table (waiting bigint, bytes bigint) language sql volatile as $$
        select count(*), coalesce((select sum(i.bytes) from task_input i where i.api_key_id = key), 0)::bigint
        from task t where t.waiting and t.api_key_id = key
      $$;
      comment on function waiting_line(bigint) is
        'How many tasks of a key wait now, and how many bytes of input are kept for them.'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function waiting_line(bigint)');
  }
}
