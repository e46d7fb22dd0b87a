import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Deliveries to receivers: one row per task, every try, the state of each host, and the secrets that sign. */
export class CreateHooks1795000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table webhook_secret (
        id bigint generated always as identity primary key,
        api_key_id bigint not null references api_key (id),
        secret bytea not null,
        created_at timestamptz not null default now(),
        signs_until timestamptz
      );
      create index webhook_secret_key on webhook_secret (api_key_id, id desc);
      create unique index webhook_secret_current on webhook_secret (api_key_id) where signs_until is null;

      create table hook_delivery (
        task_id bigint primary key references task (id) on delete cascade,
        api_key_id bigint not null references api_key (id),
        url text not null,
        host text not null,
        state text not null default 'waiting'
          check (state in ('waiting', 'delivered', 'dropped', 'dead', 'cancelled')),
        seq integer not null,
        terminal boolean not null,
        payload text not null,
        told_seq integer,
        attempts integer not null default 0,
        next_at timestamptz,
        retry_at timestamptz,
        claim_id uuid,
        claim_until timestamptz,
        sent_at timestamptz,
        last_status integer,
        last_error text,
        last_ms integer,
        created_at timestamptz not null default now(),
        delivered_at timestamptz,
        check ((state = 'waiting') = (next_at is not null))
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
      create index hook_due on hook_delivery (next_at) where next_at is not null;
      create index hook_waiting_of_host on hook_delivery (api_key_id, host, created_at) where state = 'waiting';

      create table hook_attempt (
        id bigint generated always as identity primary key,
        task_id bigint not null references hook_delivery (task_id) on delete cascade,
        at timestamptz not null default now(),
        seq integer not null,
        attempt integer not null,
        class text not null,
        status integer,
        ms integer not null,
        answer text not null default ''
      );
      create index hook_attempt_task on hook_attempt (task_id, id);

      create table hook_host (
        api_key_id bigint not null references api_key (id),
        host text not null,
        failures integer not null default 0,
        failing_since timestamptz,
        probe_at timestamptz,
        not_before timestamptz,
        last_ok_at timestamptz,
        last_error text,
        primary key (api_key_id, host)
      ) with (fillfactor = 70);
      create index hook_host_probe on hook_host (probe_at) where probe_at is not null;`);
    await describe(runner, 'webhook_secret', 'Secrets that sign hooks; while one is being rotated, two sign.', {
      id: 'Order: the newest signs first.',
      api_key_id: 'Whose hooks.',
      secret: 'whsec_..., encrypted under SECRET_KEY.',
      created_at: 'When it was made.',
      signs_until: 'An old secret signs until then; null: the current one.',
    });
    await describe(
      runner,
      'hook_delivery',
      'One row per task with a hook: the newest thing its receiver has not been told, and what it has.',
      {
        task_id: 'The task.',
        api_key_id: 'Whose task; its secrets sign.',
        url: 'Receiver.',
        host: 'Host and port of it; failures are counted by key and host.',
        state:
          'waiting, delivered, dropped (an event before the end failed; a newer one replaces it), dead (all tries of the end used up), cancelled (410).',
        seq: 'Version of the task that the payload shows.',
        terminal: 'True: the payload shows the end; nothing replaces it.',
        payload: 'The exact bytes that are signed and sent.',
        told_seq: 'Newest version that the receiver took with a 2xx.',
        attempts: 'Scheduled tries of the current payload.',
        next_at: 'When it is tried next, or the end of a live claim; null: nothing to do.',
        retry_at: 'When the schedule tries it next; next_at may be earlier, and such a try is outside the schedule.',
        claim_id: 'Who is sending it now; only that one may settle.',
        claim_until: 'When that claim ends by itself.',
        sent_at: 'When the last try began.',
        last_status: 'HTTP status of the last try.',
        last_error: 'Class of its failure.',
        last_ms: 'How long it took.',
        created_at: 'When the first change was put here.',
        delivered_at: 'When the receiver took the newest payload.',
      },
    );
    await describe(runner, 'hook_attempt', 'Every try to deliver a hook.', {
      id: 'Order of tries.',
      task_id: 'The task.',
      at: 'When it began.',
      seq: 'Version that was sent.',
      attempt:
        'Number of the scheduled try of that payload; 0: a try outside the schedule (a probe, or its host came back).',
      class:
        'delivered, or why not: blocked, dns, connect, tls, timeout, reset, status_3xx, status_4xx, status_410, status_429, status_5xx, ...',
      status: 'HTTP status; null: no answer.',
      ms: 'How long it took.',
      answer: 'First 1 KiB of the answer.',
    });
    await describe(runner, 'hook_host', 'Receivers that have been failing, by key and host.', {
      api_key_id: 'The key.',
      host: 'Host and port.',
      failures: 'Failures in a row.',
      failing_since: 'Since when; null: it works.',
      probe_at: 'When its oldest waiting delivery is tried as a probe; null: not failing.',
      not_before: 'The receiver asked for silence until then (Retry-After).',
      last_ok_at: 'Last time it took one, to about a minute.',
      last_error: 'Class of the last failure.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table hook_host, hook_attempt, hook_delivery, webhook_secret');
  }
}
