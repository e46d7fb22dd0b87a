import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** A task that is several jobs at its upstream counts as so many, of its key and of the upstream's slots. */
export class CountJobs1796000000062 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task
        add column jobs smallint not null default 1,
        add column slots smallint not null default 1`);
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        jobs: 'How many jobs it is at its upstream, by options or --repeat in a prompt that is passed as it is; its key is counted so many.',
        slots: 'Slots of its upstream that it takes while has_slot: its jobs, but no more than that upstream has.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table task drop column jobs, drop column slots');
  }
}
