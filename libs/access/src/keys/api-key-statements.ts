import { statement, type TypedStatement } from '#libs/database';
import { booksOf, MONTH_SPENT, THIS_MONTH, TODAY } from '../credits/credit-move.js';

/**
 * Usage counters of a key's tasks: SQL subqueries of one row, of which `key` is the SQL of the key's id. The lib that owns
 * the table `task` gives them, because this lib may not know tasks.
 */
export interface TaskUsage {
  /** (held numeric, running integer): held credits and number of the key's unfinished tasks. */
  unfinished(key: string): string;
  /** (opened integer): the key's tasks that count in the UTC day of now(). */
  openedToday(key: string): string;
}

const PATCHED = [
  'name',
  'default_mode',
  'modes',
  'actions',
  'upstream_kinds',
  'notify_hook',
  'notify_terminal_only',
  'ip_allow',
  'expires_at',
  'prompt_lint',
  'prompt_expansion',
  'retries',
];
const LIMITS = ['max_concurrent', 'requests_per_minute', 'queue_limit', 'daily_tasks', 'monthly_spend'];

/** A new key: JSON of its columns of `api_key` and of `account`, and its credits; null: they are not limited. */
interface NewKey {
  keyHash: Buffer;
  prefix: string;
  terms: string;
  limits: string;
  credits: string | null;
}

/** Gives the id of the new key; no row where the hash is taken. */
export const CREATE_KEY = statement<NewKey, { id: string }>({
  name: 'key_create',
  pool: 'http',
  text: `
    with made as (
      insert into api_key (key_hash, prefix, ${PATCHED.join(', ')})
      select :keyHash, :prefix, ${PATCHED.map((column) => `p.${column}`).join(', ')}
      from jsonb_populate_record(null::api_key, :terms::jsonb) p
      on conflict (key_hash) do nothing returning id
    ), opened as (
      insert into account (api_key_id, has_credit_limit, balance, is_limited, ${LIMITS.join(', ')})
      select made.id, :credits::numeric is not null, coalesce(:credits::numeric, 0),
        :credits::numeric is not null or num_nonnulls(${LIMITS.map((column) => `l.${column}`).join(', ')}) > 0,
        ${LIMITS.map((column) => `l.${column}`).join(', ')}
      from made, jsonb_populate_record(null::account, :limits::jsonb) l
    ), booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select id, 'topup', :credits::numeric, 'opening credits' from made where :credits::numeric <> 0
    )
    select id from made`,
});

/** The first number of credits that `account.balance`, numeric(18, 6), cannot hold. The sum of a ledger can be larger. */
const PAST_RANGE = 1_000_000_000_000;

/** Keys and their usage in one snapshot, newest first. `k` is the key in `where` and `rest`. */
function selectKeys(usage: TaskUsage, where: string, rest = ''): string {
  return `
    select k.id, k.name, k.prefix, k.default_mode, k.modes, k.actions, k.upstream_kinds, k.notify_hook, k.ip_allow, k.expires_at,
      k.revoked_at, k.created_at, k.last_used_at, k.prompt_lint, k.prompt_expansion, k.retries,
      case when k.notify_terminal_only then 'terminal' else 'all' end as notify_events,
      ${LIMITS.map((column) => `a.${column}`).join(', ')},
      case when a.has_credit_limit then a.balance end as credits,
      round(books.total, 6) as balance, round(-books.moved - load.held, 6) as spent, round(load.held, 6) as held,
      load.running, round(books.month_spent, 6) as spent_this_month
    from api_key k join account a on a.api_key_id = k.id
    cross join lateral (
      select coalesce(sum(l.amount), 0) as total,
        coalesce(sum(l.amount) filter (where l.kind in ('hold', 'refund')), 0) as moved, ${MONTH_SPENT} as month_spent
      from ledger l where l.api_key_id = k.id) books
    cross join lateral (${usage.unfinished('k.id')}) load
    where ${where} order by k.id desc ${rest}`;
}

export const findKey = (usage: TaskUsage): TypedStatement<{ keyId: string }, object> =>
  statement({ name: 'key_find', pool: 'http', text: selectKeys(usage, 'k.id = :keyId') });

/** Whether a key may be used for submits: `live`, `expired` (reads go on), or `revoked`. */
export const KEY_STATUSES = ['live', 'expired', 'revoked'] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

/** Which keys are listed. */
export interface KeySearch {
  /** Ids below this one; null: from the newest. */
  before: string | null;
  limit: number;
  /** Part of the name in any case, beginning of the prefix, or the id; null: any. */
  q: string | null;
  status: KeyStatus | null;
}

/** `part` is `q` as a pattern of its own letters. */
export const listKeys = (usage: TaskUsage): TypedStatement<KeySearch & { part: string }, object> =>
  statement({
    name: 'key_list',
    pool: 'http',
    text: selectKeys(
      usage,
      `(:before::bigint is null or k.id < :before)
        and (:q::text is null or k.name ilike '%' || :part || '%' or k.prefix like :part || '%' or k.id::text = :q)
        and (:status::text is null or :status = case when k.revoked_at is not null then 'revoked'
          when k.expires_at <= now() then 'expired' else 'live' end)`,
      'limit :limit',
    ),
  });

/** The moment of the revocation stays the first one. Gives no row for an unknown key. */
export const REVOKE_KEY = statement<{ keyId: string }, { id: string }>({
  name: 'key_revoke',
  pool: 'http',
  text: 'update api_key set revoked_at = coalesce(revoked_at, now()) where id = :keyId returning id',
});

/** Columns of the ledger's new line, which are null where it was refused, and the balance that the key has now. */
export interface MovedRow {
  is_refused: boolean;
  is_past_range: boolean;
  id: string;
  at: Date;
  kind: 'topup' | 'adjust';
  amount: string;
  note: string;
  balance: string;
}

/**
 * Moves credits of a key; gives no row for an unknown one. The account is locked even of a key without limits, so that a
 * limit that is being set sees the move or waits for it. Where the sum of a ledger is out of range already, moves towards the
 * range are booked.
 */
export const MOVE_CREDITS = statement<{ keyId: string; amount: string; note: string }, MovedRow>({
  name: 'key_move_credits',
  pool: 'http',
  text: `
    with locked as materialized (
      select api_key_id, is_limited, has_credit_limit, balance from account where api_key_id = :keyId for update
    ), stands as materialized (
      select *, case when is_limited then balance
        else (select coalesce(sum(amount), 0) from ledger where api_key_id = :keyId) end as total from locked
    ), judged as (
      select *, has_credit_limit and :amount::numeric < 0 and balance + :amount::numeric < 0 as is_refused,
        abs(total + :amount::numeric) >= ${PAST_RANGE} and abs(total + :amount::numeric) > abs(total) as is_past_range from stands
    ), booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select api_key_id, case when :amount::numeric > 0 then 'topup' else 'adjust' end, :amount::numeric, :note
      from judged where not is_refused and not is_past_range returning *
    ), moved as (
      update account a set balance = a.balance + b.amount from booked b, locked l
      where a.api_key_id = b.api_key_id and l.api_key_id = b.api_key_id and l.is_limited
    )
    select j.is_refused, j.is_past_range, b.id, b.at, b.kind, b.amount, b.note,
      round(j.total + coalesce(b.amount, 0), 6) as balance
    from judged j left join booked b on true`,
});

export const LOCK_ACCOUNT = statement<{ keyId: string }, { is_limited: boolean; balance: string; running: number }>({
  name: '',
  pool: 'http',
  text: 'select is_limited, balance, running from account where api_key_id = :keyId for update',
});

/** `terms`: JSON of columns of `api_key`; those that are missing stay as they are. */
export const PATCH_KEY = statement<{ keyId: string; terms: string }, object>({
  name: '',
  pool: 'http',
  text: `update api_key k set ${PATCHED.map((column) => `${column} = p.${column}`).join(', ')}
    from api_key o cross join lateral jsonb_populate_record(o, :terms::jsonb) p where o.id = :keyId and k.id = o.id`,
});

/** New limits of a key: JSON of columns of `account`, and the fate of its limit of credits, which `settleLimits` sets. */
interface LimitsPatch {
  keyId: string;
  limits: string;
  creditLimit: 'keep' | 'none' | 'set';
}

/** Gives whether the key has limits now. A key that had none starts from nothing until it is settled. */
export const PATCH_LIMITS = statement<LimitsPatch, { is_limited: boolean }>({
  name: '',
  pool: 'http',
  text: `
    update account a set ${LIMITS.map((column) => `${column} = p.${column}`).join(', ')},
      is_limited = w.is_limited, has_credit_limit = w.is_limited and o.has_credit_limit and :creditLimit <> 'none',
      running = case when o.is_limited then a.running else 0 end,
      window_at = case when o.is_limited then a.window_at end,
      window_used = case when o.is_limited then a.window_used else 0 end,
      day = case when o.is_limited then a.day end, month = case when o.is_limited then a.month end,
      day_used = case when o.is_limited then a.day_used else 0 end,
      month_spent = case when o.is_limited then a.month_spent else 0 end
    from account o cross join lateral jsonb_populate_record(o, :limits::jsonb) p
    cross join lateral (select num_nonnulls(${LIMITS.map((column) => `p.${column}`).join(', ')}) > 0
      or :creditLimit = 'set' or :creditLimit = 'keep' and o.has_credit_limit as is_limited) w
    where o.api_key_id = :keyId and a.api_key_id = o.api_key_id
    returning a.is_limited`,
});

/** Credits that a key has left from now on; null: as the ledger says. */
interface CreditsLeft {
  keyId: string;
  credits: string | null;
}

/** Fails (22003) where `settleLimits` would find no room for the balance as the books stand. */
export const TRY_FIT = statement<CreditsLeft, object>({
  name: '',
  pool: 'http',
  text: `select coalesce(:credits::numeric, total)::numeric(18, 6), (:credits::numeric - total)::numeric(18, 6),
      month_spent::numeric(18, 6) from (${booksOf(':keyId::bigint')}) books`,
});

/**
 * Statements under way that may write accounts: they may have begun before a limit was set, and not see it. Only those
 * of `writers`; null: all.
 */
export const ACCOUNT_WRITERS = statement<{ writers: string[] | null }, { writer: string }>({
  name: 'key_account_writers',
  pool: 'http',
  text: `select distinct virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'account'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())
      and (:writers::text[] is null or virtualtransaction = any(:writers))`,
});

/** The balance and running count of a key, computed from ledger and tasks. */
interface BooksRow {
  balance: string;
  running: number;
}

/**
 * Computes the balance and counters of a limited key's account from ledger and tasks. It runs under the account's lock
 * (LOCK_ACCOUNT), as a statement of its own, so that it sees all that was committed before.
 */
export const settleLimits = (usage: TaskUsage): TypedStatement<CreditsLeft & { note: string }, BooksRow> =>
  statement({
    name: '',
    pool: 'http',
    text: `
    with books as materialized (${booksOf(':keyId::bigint')}),
    load as materialized (${usage.unfinished(':keyId::bigint')}),
    today as materialized (${usage.openedToday(':keyId::bigint')}),
    booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select :keyId::bigint, 'adjust', :credits::numeric - total, :note from books where :credits::numeric <> total
    )
    update account a set balance = coalesce(:credits::numeric, books.total), running = load.running,
      has_credit_limit = a.has_credit_limit or :credits::numeric is not null,
      day = ${TODAY}, day_used = today.opened, month = ${THIS_MONTH}, month_spent = books.month_spent
    from books, load, today where a.api_key_id = :keyId::bigint
    returning round(books.total, 6) as balance, load.running`,
  });
