import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the admin API reads page by page, and the sum of a key's ledger without its rows. */
export class IndexBooks1795000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index hook_newest on hook_delivery (created_at desc, task_id desc);
      drop index ledger_key;
      create index ledger_key on ledger (api_key_id, id) include (kind, amount, at, task_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index hook_newest, ledger_key;
      create index ledger_key on ledger (api_key_id, id)`);
  }
}
