import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** The servers that do the work, and how full each is. */
export class CreateUpstreams1795000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table upstream (
        id bigint generated always as identity primary key,
        name text not null check (name <> ''),
        kind text not null default 'midjourney-proxy' check (kind in ('midjourney-proxy')),
        base_url text not null,
        secret bytea,
        weight integer not null default 1 check (weight > 0),
        priority integer not null default 0,
        modes text[],
        actions text[],
        enabled boolean not null default true,
        retired_at timestamptz,
        accepts_notify_hook boolean not null default false,
        accepts_account_filter boolean not null default false,
        submit_timeout_ms integer check (submit_timeout_ms > 0),
        poll_timeout_ms integer check (poll_timeout_ms > 0),
        full_texts text[] not null default '{}',
        circuit_until timestamptz,
        last_ok_at timestamptz,
        last_error text,
        last_error_at timestamptz,
        created_at timestamptz not null default now(),
        check (retired_at is null or not enabled)
      );
      create unique index upstream_name on upstream (name) where retired_at is null;
      create table upstream_load (
        upstream_id bigint primary key references upstream (id),
        running integer not null default 0 check (running >= 0),
        max_concurrent integer not null check (max_concurrent > 0)
      ) with (fillfactor = 50);`);
    await describe(runner, 'upstream', 'Servers that tasks are sent to.', {
      id: 'Number of the upstream.',
      name: 'What the operator calls it; no client ever sees it.',
      kind: 'Which wire it speaks.',
      base_url: 'Its address, without /mj.',
      secret: 'Its API secret, encrypted under SECRET_KEY.',
      weight: 'Share among upstreams of one priority.',
      priority: 'Higher ones are filled first.',
      modes: 'Modes it takes; null: all.',
      actions: 'Actions it takes; null: all.',
      enabled: 'False: gets no new work; its tasks are followed to their end.',
      retired_at: 'When it was removed; kept for its tasks.',
      accepts_notify_hook: 'True: it gets our push address with each submit.',
      accepts_account_filter: "True: a client's accountFilter is passed on.",
      submit_timeout_ms: 'Longest wait for the answer to a submit, ms; null: the default.',
      poll_timeout_ms: 'Longest wait for the answer to a poll, ms; null: the default.',
      full_texts: 'Parts of its error texts that mean "full, try later".',
      circuit_until: 'Gets no calls before then, after failures in a row.',
      last_ok_at: 'Last call that worked.',
      last_error: 'Class of the last failure; no address.',
      last_error_at: 'When that was.',
      created_at: 'When it was added.',
    });
    await describe(runner, 'upstream_load', 'Slots of each upstream; narrow, because every submit writes it.', {
      upstream_id: 'The upstream.',
      running: 'Slots taken by tasks with it now.',
      max_concurrent: 'Slots it has.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table upstream_load, upstream');
  }
}
