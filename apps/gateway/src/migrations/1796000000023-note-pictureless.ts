import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** A SUCCESS of work that makes pictures, without one, is asked again for a while: since when stands in the row. */
export class NotePictureless1796000000023 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task add column pictureless_since timestamptz');
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        pictureless_since: 'Since when its upstream says SUCCESS without a picture; moved on by outages.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column pictureless_since');
  }
}
