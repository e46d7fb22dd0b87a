import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Claims go from key to key and from receiver to receiver, whatever waits for each; probes likewise. The index by receiver
 * had the age of a delivery; it has the time when it is due instead, which costs writes nothing.
 */
export class ShareHooks1796000000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index hook_due_of_host on hook_delivery (api_key_id, host, next_at) where state = 'waiting';
      drop index hook_waiting_of_host;
      create index hook_host_probe_of_key on hook_host (api_key_id, probe_at) where probe_at is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index hook_host_probe_of_key;
      create index hook_waiting_of_host on hook_delivery (api_key_id, host, created_at) where state = 'waiting';
      drop index hook_due_of_host`);
  }
}
