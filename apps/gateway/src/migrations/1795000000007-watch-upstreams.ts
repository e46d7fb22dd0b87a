import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** What upstreams turn out to offer, how their circuits stand, and every call to them. */
export class WatchUpstreams1795000000007 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table upstream
        add column circuit_opens integer not null default 0 check (circuit_opens >= 0),
        add column circuit_changed_at timestamptz,
        add column latency_ms integer,
        add column reads_batches boolean,
        add column lists_recent boolean,
        add column echoes_state boolean,
        add column pushes boolean,
        add column probed_at timestamptz;
      create table upstream_call (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        upstream_id bigint not null references upstream (id),
        operation text not null check (operation in ('submit', 'poll', 'list', 'fetch', 'cancel', 'seed', 'probe')),
        result text not null,
        calls integer not null default 1 check (calls > 0),
        total_ms bigint not null,
        max_ms integer not null
      );
      create index upstream_call_at on upstream_call (at);
      create index upstream_call_upstream on upstream_call (upstream_id, at);`);
    await describe(runner, 'upstream', 'Servers that tasks are sent to.', {
      circuit_until:
        'Null: the circuit is closed. Later than now: open, no calls until then. Earlier: half open, one probe decides.',
      circuit_opens: 'Times it opened in a row; each doubles the pause.',
      circuit_changed_at: 'When it last opened or closed.',
      latency_ms: 'Milliseconds that a call took lately, on average.',
      reads_batches:
        'Whether it answers list-by-condition; null: not known yet. False: tasks are asked for one by one.',
      lists_recent: 'Whether it lists its newest tasks, so that unknown submits can be looked up; null: not known yet.',
      echoes_state: 'Whether its tasks show the state they were submitted with; null: not known yet.',
      pushes: 'Whether it has called our push address; null: not yet.',
      probed_at: 'When that was last asked.',
    });
    await describe(
      runner,
      'upstream_call',
      'Calls to upstreams: submits singly, all others summed by minute, operation and result.',
      {
        id: 'Order of recording.',
        at: 'When; of summed ones the minute.',
        upstream_id: 'Which upstream.',
        operation: 'submit, poll, list, fetch, cancel, seed or probe.',
        result:
          'Of submits the outcome: accepted, queued, window, exists, uploaded, full, nothing_done, banned, refused, unknown. Of others ok, or the class of the failure: connect, dns, tls, timeout, reset, status_4xx, status_5xx, unreadable.',
        calls: 'How many.',
        total_ms: 'What they took together, ms.',
        max_ms: 'What the slowest took, ms.',
      },
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table upstream_call;
      alter table upstream drop column circuit_opens, drop column circuit_changed_at, drop column latency_ms,
        drop column reads_batches, drop column lists_recent, drop column echoes_state, drop column pushes,
        drop column probed_at`);
  }
}
