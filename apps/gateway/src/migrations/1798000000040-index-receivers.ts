import type { MigrationInterface, QueryRunner } from 'typeorm';
import { buildIndex, dropIndex } from './build-index.js';

/**
 * How receivers of hooks stand, by host. Both indexes are of columns that no try changes; a hook that lives never touches the
 * second one.
 */
export class IndexReceivers1798000000040 implements MigrationInterface {
  /** Built while gateways write to the table. */
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await buildIndex(runner, 'hook_of_host', 'hook_delivery (host, created_at)');
    await buildIndex(runner, 'hook_dead_of_host', `hook_delivery (host) where state = 'dead'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndex(runner, 'hook_of_host');
    await dropIndex(runner, 'hook_dead_of_host');
  }
}
