import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** What operators set: limits of keys, banned words, targets; and what they did. */
export class LimitKeys1795000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table api_key
        add column prompt_lint text not null default 'warn' check (prompt_lint in ('off', 'warn', 'strict'));
      alter table account
        add column queue_limit integer check (queue_limit >= 0),
        add column requests_per_minute integer check (requests_per_minute > 0),
        add column window_at timestamptz,
        add column window_used integer not null default 0,
        add column daily_tasks integer check (daily_tasks > 0),
        add column day date,
        add column day_used integer not null default 0,
        add column monthly_spend numeric(18, 6) check (monthly_spend > 0),
        add column month date,
        add column month_spent numeric(18, 6) not null default 0;
      create unlogged table read_count (
        api_key_id bigint not null,
        minute timestamptz not null,
        used integer not null,
        primary key (api_key_id, minute)
      );
      create table banned_word (
        word text primary key check (word <> ''),
        note text not null default '',
        created_at timestamptz not null default now()
      );
      create table sla_target (
        mode text primary key check (mode in ('RELAX', 'FAST', 'TURBO')),
        target_seconds integer not null check (target_seconds > 0),
        target_ratio numeric(5, 4) not null check (target_ratio > 0 and target_ratio <= 1)
      );
      insert into sla_target values ('TURBO', 60, 0.95), ('FAST', 120, 0.95), ('RELAX', 900, 0.9);
      create table audit_log (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        request_id text not null,
        route text not null,
        target text not null,
        detail jsonb not null default '{}'
      );
      create index audit_log_target on audit_log (target, id desc);`);
    await describe(runner, 'api_key', 'API keys: who may submit, and on what terms. The key itself is not stored.', {
      prompt_lint: 'strict: prompts that break a rule are refused; warn: answered with warnings; off: not looked at.',
    });
    await describe(
      runner,
      'account',
      'What a key has left and how much it has running; narrow, because every submit of a limited key writes it.',
      {
        queue_limit: 'Most waiting tasks; null: QUEUE_LIMIT.',
        requests_per_minute: 'Most submits in a minute; null: no limit.',
        window_at: 'When the running minute of submits began.',
        window_used: 'Submits in that minute.',
        daily_tasks: 'Most tasks in a UTC day; null: no limit.',
        day: 'The UTC day that day_used counts.',
        day_used: 'Tasks opened in that day, refused ones not counted.',
        monthly_spend: 'Most credits kept in a UTC month; null: no limit.',
        month: 'First day of the UTC month that month_spent counts.',
        month_spent: 'Credits held in that month less what was refunded in it.',
      },
    );
    await describe(runner, 'read_count', 'Reads of each key by minute, added up by all replicas; kept some minutes.', {
      api_key_id: 'The key.',
      minute: 'The minute, UTC.',
      used: 'Requests other than submits.',
    });
    await describe(runner, 'banned_word', 'Words that end a submit with code 24 before anything is charged or sent.', {
      word: 'In lower case; matched as whole words.',
      note: 'Why, for operators.',
      created_at: 'When it was added.',
    });
    await describe(runner, 'sla_target', 'How long a task of a mode may take from submit to its end, and how often.', {
      mode: 'RELAX, FAST or TURBO.',
      target_seconds: 'Seconds within which a task should succeed.',
      target_ratio: 'Share of finished tasks that should.',
    });
    await describe(runner, 'audit_log', 'Every write through the admin API; append-only, without secrets.', {
      id: 'Order of the writes.',
      at: 'When.',
      request_id: 'The request; its log lines carry the same.',
      route: 'Method and route.',
      target: 'What was changed, as kind:id.',
      detail: 'What was asked for, without secrets.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit_log, sla_target, banned_word, read_count;
      alter table account drop column queue_limit, drop column requests_per_minute, drop column window_at,
        drop column window_used, drop column daily_tasks, drop column day, drop column day_used,
        drop column monthly_spend, drop column month, drop column month_spent;
      alter table api_key drop column prompt_lint`);
  }
}
