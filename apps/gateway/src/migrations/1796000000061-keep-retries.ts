import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/**
 * How often the gateway may send work again by itself after a failure that is retryable. No check on `task`: it would be
 * proved on every row while nobody may read the table, and only validated numbers are written.
 */
export class KeepRetries1796000000061 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_key add column retries smallint not null default 0 check (retries between 0 and 2);
      alter table task add column retries smallint not null default 0`);
    await describe(runner, 'api_key', 'API keys: who may submit, and on what terms. The key itself is not stored.', {
      retries:
        'Retries of submits that name none: how often work is sent again after a failure that is retryable, 0 to 2.',
    });
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        retries:
          'How often it may be sent again after a failure that is retryable, 0 to 2, as submit or key asked; it is paid once.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column retries; alter table api_key drop column retries');
  }
}
