import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

const TABLE = 'One piece of work: who asked, what for, where it runs, how it ended and what it cost.';

/** Pictures of a grid that were moderated away, so that the others keep their numbers. */
export class NoteWithheld1797000000040 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task add column withheld smallint[]');
    await describe(runner, 'task', TABLE, {
      withheld: 'Numbers, from 1, of the single pictures that were moderated away; null: none was.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column withheld');
  }
}
