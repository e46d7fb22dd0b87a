import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/**
 * Polls have a narrow table of their own, and write no index of `task`.
 *
 * The foreign key of the timeline goes: its check was a sixth of what saving a poll cost (5 µs a line), no task is ever
 * deleted, and every line is written by the statement that has just written its task. The ledger never had one.
 */
export class NarrowPolls1795000000013 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Every update makes a new place in both indexes: room for it on the page, and a vacuum before they grow.
    await runner.query(`
      create table task_poll (
        task_id bigint primary key references task (id) on delete cascade,
        upstream_id bigint not null,
        due_at timestamptz not null
      ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
      create index task_poll_due on task_poll (upstream_id, due_at);
      insert into task_poll (task_id, upstream_id, due_at)
        select id, upstream_id, next_poll_at from task where next_poll_at is not null and upstream_id is not null;
      drop index task_due;
      alter table task_event drop constraint task_event_task_id_fkey`);
    await describe(
      runner,
      'task_poll',
      'Tasks that are polled, and when; narrow, because every poll writes it twice.',
      {
        task_id: 'The task.',
        upstream_id: 'Whom to ask; as in task.',
        due_at: 'When it is polled next, or until when a poller has it.',
      },
    );
    await describe(runner, 'task', TASK, { next_poll_at: 'When its next poll was to be; null: not polled.' });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task_event add constraint task_event_task_id_fkey foreign key (task_id) references task (id) on delete cascade;
      create index task_due on task (upstream_id, next_poll_at) where next_poll_at is not null;
      drop table task_poll`);
    await describe(runner, 'task', TASK, {
      next_poll_at: 'When it is polled next, or until when a poller has it; null: not polled.',
    });
  }
}

const TASK = 'One piece of work: who asked, what for, where it runs, how it ended and what it cost.';
