import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/**
 * A submit that its upstream is proven not to have taken is sent again. The sends before the last one are kept, because
 * one of them may turn up after all. Columns with constant defaults rewrite no row; a gateway of the version before does
 * not know them, and ends such a task as it always did.
 */
export class ResendSubmits1796000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table task add column send_ended_at timestamptz,
        add column proven_noes smallint not null default 0,
        add column resends smallint not null default 0;
      create table past_send (
        task_id bigint not null references task (id) on delete cascade,
        attempt smallint not null,
        upstream_id bigint not null,
        upstream_task_id text,
        sent_at timestamptz,
        ended_at timestamptz not null default now(),
        why text not null check (why in ('not_taken', 'failed')),
        look_at timestamptz,
        looks smallint not null default 0,
        primary key (task_id, attempt)
      );
      create index past_send_look on past_send (look_at) where look_at is not null;
      create index past_send_upstream on past_send (upstream_id, upstream_task_id) where upstream_task_id is not null;
      create index past_send_late on past_send (ended_at) where why = 'not_taken' and upstream_task_id is not null`);
    await describe(
      runner,
      'task',
      'One piece of work: who asked, what for, where it runs, how it ended and what it cost.',
      {
        send_ended_at:
          'When the process that sent it knew its connection to be closed without an answer, and kept what it sent; null: not known.',
        proven_noes: 'Noes in a row that prove that its upstream did not take it; two have it sent again.',
        resends: 'How often it was sent again because its upstream was proven not to have taken it.',
      },
    );
    await describe(
      runner,
      'past_send',
      'Sends of a task before its last one: what was proven not taken, and what failed and was tried again.',
      {
        task_id: 'The task.',
        attempt: 'Its send_attempt then.',
        upstream_id: 'Where it was sent.',
        upstream_task_id: 'Its id there, where it had one, or turned up under one later; it is not the task any more.',
        sent_at: 'When that send began.',
        ended_at: 'When it was given up for another one.',
        why: 'not_taken: its upstream was proven not to have taken it; failed: it ended there without a result.',
        look_at: 'When its upstream is asked again whether it took it after all; null: not any more.',
        looks: 'How often it was asked.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table past_send;
      alter table task drop column resends, drop column proven_noes, drop column send_ended_at`);
  }
}
