import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

const TABLE = 'One piece of work: who asked, what for, where it runs, how it ended and what it cost.';

/** `prompt` is what a client typed last, or what its work found; only its comment changes. */
export class TellFoundTexts1796000000070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await describe(runner, 'task', TABLE, {
      prompt:
        'As the client typed it, in the submit or into its window; of a finished DESCRIBE or SHORTEN the text found.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await describe(runner, 'task', TABLE, { prompt: 'As the client typed it.' });
  }
}
