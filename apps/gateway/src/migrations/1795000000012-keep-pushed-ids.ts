import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** What an upstream pushes is written down before it is answered: it pushes once, and this process may end right after. */
export class KeepPushedIds1795000000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task add column pushed_id text');
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        pushed_id: 'Upstream id that a push named while none was known; believed only once that upstream confirms it.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column pushed_id');
  }
}
