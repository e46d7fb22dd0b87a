import type { MigrationInterface, QueryRunner } from 'typeorm';
import { describe } from './describe.js';

/** Keys, their accounts, the ledger and the prices. */
export class CreateKeys1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_key (
        id bigint generated always as identity primary key,
        name text not null check (name <> ''),
        prefix text not null,
        key_hash bytea not null unique check (length(key_hash) = 32),
        default_mode text check (default_mode in ('RELAX', 'FAST', 'TURBO')),
        modes text[],
        actions text[],
        notify_hook text,
        notify_terminal_only boolean not null default false,
        ip_allow text[],
        expires_at timestamptz,
        revoked_at timestamptz,
        created_at timestamptz not null default now(),
        last_used_at timestamptz
      );
      create table account (
        api_key_id bigint primary key references api_key (id),
        is_limited boolean not null default false,
        has_credit_limit boolean not null default false,
        balance numeric(18, 6) not null default 0,
        running integer not null default 0 check (running >= 0),
        max_concurrent integer check (max_concurrent > 0),
        check (is_limited or not has_credit_limit)
      ) with (fillfactor = 50);
      create table ledger (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        api_key_id bigint not null references api_key (id),
        task_id bigint,
        kind text not null check (kind in ('hold', 'refund', 'topup', 'adjust')),
        amount numeric(18, 6) not null,
        note text not null default '',
        check (kind <> 'hold' or amount <= 0),
        check (kind <> 'refund' or amount >= 0)
      );
      create index ledger_key on ledger (api_key_id, id);
      create index ledger_task on ledger (task_id) where task_id is not null;
      create table price (
        action text not null,
        mode text not null check (mode in ('RELAX', 'FAST', 'TURBO', '*')),
        price numeric(18, 6) not null check (price >= 0),
        primary key (action, mode)
      );`);
    await runner.query(SEED_PRICES);
    await describe(runner, 'api_key', 'API keys: who may submit, and on what terms. The key itself is not stored.', {
      id: 'Number of the key; other tables name it api_key_id.',
      name: 'What the operator calls its owner.',
      prefix: 'Public beginning of the key, by which people know it.',
      key_hash: 'SHA-256 of the whole key.',
      default_mode: 'Mode of a submit that names none; null: DEFAULT_MODE.',
      modes: 'Modes it may use; null: all.',
      actions: 'Actions it may use; null: all.',
      notify_hook: 'Hook of submits that name none; null: no hook.',
      notify_terminal_only: 'True: its hooks are called for the terminal status only.',
      ip_allow: 'CIDRs it may be used from; null: anywhere.',
      expires_at: 'From then on submits are refused; reads go on.',
      revoked_at: 'From then on every request is refused.',
      created_at: 'When it was made.',
      last_used_at: 'Last request, to about a minute.',
    });
    await describe(
      runner,
      'account',
      'What a key has left and how much it has running; narrow, because every submit of a limited key writes it.',
      {
        api_key_id: 'The key.',
        is_limited: 'False: no limit of any kind, and this row is never written.',
        has_credit_limit: 'True: balance may not fall below 0.',
        balance: 'Credits left: the sum of the ledger of a limited key.',
        running: 'Unfinished tasks of a limited key, waiting ones and windows being confirmed included.',
        max_concurrent: 'Most unfinished tasks at once; null: no limit.',
      },
    );
    await describe(
      runner,
      'ledger',
      'Every move of credits, append-only. The balance of a key is the sum of its rows.',
      {
        id: 'Order of the moves.',
        at: 'When.',
        api_key_id: 'Whose credits.',
        task_id: 'For which task; null for top-ups.',
        kind: 'hold: price taken at submit (negative); refund: given back; topup, adjust: by an admin.',
        amount: 'Credits; negative takes, positive gives.',
        note: 'Why, in words.',
      },
    );
    await describe(runner, 'price', 'Price list in credits. * is a wildcard; an exact action beats an exact mode.', {
      action: 'Action of the task, or *.',
      mode: 'RELAX, FAST, TURBO or *.',
      price: 'Credits for one task.',
    });
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table price, ledger, account, api_key');
  }
}

/** RELAX costs half and TURBO double of FAST. */
const SEED_PRICES = `
  insert into price (action, mode, price)
  select action, mode, round(fast * factor, 6)
  from (values ('RELAX', 0.5), ('FAST', 1), ('TURBO', 2)) as modes (mode, factor),
    (select unnest(array['IMAGINE', 'VARIATION', 'HIGH_VARIATION', 'LOW_VARIATION', 'REROLL', 'BLEND', 'MODAL', 'ZOOM', 'PAN',
      'SHORTEN', 'EDITS', 'RETEXTURE', 'UPSCALE_HD', 'ACTION']) as action, 0.1 as fast
     union all select unnest(array['DESCRIBE', 'UPSCALE', 'UPLOAD', 'SWAP_FACE']), 0.05
     union all select 'VIDEO', 0.8
     union all select unnest(array['INPAINT', 'CUSTOM_ZOOM']), 0) as prices`;
