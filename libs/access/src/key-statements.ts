import type { Statement } from '#libs/database';
import { booksOf, THIS_MONTH, TODAY } from './credit-move.js';

/**
 * What only the owner of the table `task` can ask of a key's tasks: SQL subqueries of one row, `key` being the SQL of
 * its id. Handed in, because this lib may not know tasks.
 */
export interface TaskTallies {
  /** (held numeric, running integer): credits and number of its unfinished tasks. */
  unfinished(key: string): string;
  /** (opened integer): its tasks that count in the UTC day of now(). */
  openedToday(key: string): string;
}

const PATCHED = [
  'name',
  'default_mode',
  'modes',
  'actions',
  'notify_hook',
  'notify_terminal_only',
  'ip_allow',
  'expires_at',
  'prompt_lint',
  'prompt_expansion',
  'retries',
];
const LIMITS = ['max_concurrent', 'requests_per_minute', 'queue_limit', 'daily_tasks', 'monthly_spend'];

/**
 * $1 hash of the key · $2 prefix · $3 columns of api_key · $4 limits · $5 credits. Gives the id; no row where the hash
 * is taken.
 */
export const CREATE_KEY: Statement = {
  name: 'key_create',
  pool: 'http',
  text: `
    with made as (
      insert into api_key (key_hash, prefix, ${PATCHED.join(', ')})
      select $1, $2, ${PATCHED.map((column) => `p.${column}`).join(', ')}
      from jsonb_populate_record(null::api_key, $3::jsonb) p
      on conflict (key_hash) do nothing returning id
    ), opened as (
      insert into account (api_key_id, has_credit_limit, balance, is_limited, ${LIMITS.join(', ')})
      select made.id, $5::numeric is not null, coalesce($5::numeric, 0),
        $5::numeric is not null or num_nonnulls(${LIMITS.map((column) => `l.${column}`).join(', ')}) > 0,
        ${LIMITS.map((column) => `l.${column}`).join(', ')}
      from made, jsonb_populate_record(null::account, $4::jsonb) l
    ), booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select id, 'topup', $5::numeric, 'opening credits' from made where $5::numeric <> 0
    )
    select id from made`,
};

/** The first number of credits that `account.balance`, numeric(18, 6), cannot hold. Sums over a ledger can be more. */
const PAST_RANGE = 1_000_000_000_000;

/** Keys with their numbers of one moment, newest first. `where` and `rest` may use $1…; `k` is the key. */
function selectKeys(tallies: TaskTallies, where: string, rest = ''): string {
  return `
    select k.id, k.name, k.prefix, k.default_mode, k.modes, k.actions, k.notify_hook, k.ip_allow, k.expires_at,
      k.revoked_at, k.created_at, k.last_used_at, k.prompt_lint, k.prompt_expansion, k.retries,
      case when k.notify_terminal_only then 'terminal' else 'all' end as notify_events,
      ${LIMITS.map((column) => `a.${column}`).join(', ')},
      case when a.has_credit_limit then a.balance end as credits,
      round(books.total, 6) as balance, round(-books.moved - load.held, 6) as spent, round(load.held, 6) as held,
      load.running
    from api_key k join account a on a.api_key_id = k.id
    cross join lateral (
      select coalesce(sum(amount), 0) as total,
        coalesce(sum(amount) filter (where kind in ('hold', 'refund')), 0) as moved
      from ledger where api_key_id = k.id) books
    cross join lateral (${tallies.unfinished('k.id')}) load
    where ${where} order by k.id desc ${rest}`;
}

/** $1 id. */
export const findKey = (tallies: TaskTallies): Statement => ({
  name: 'key_find',
  pool: 'http',
  text: selectKeys(tallies, 'k.id = $1'),
});

/** $1 only ids below, null: from the newest · $2 most. */
export const listKeys = (tallies: TaskTallies): Statement => ({
  name: 'key_list',
  pool: 'http',
  text: selectKeys(tallies, '($1::bigint is null or k.id < $1)', 'limit $2'),
});

/** $1 id. Gives the moment, which stays the first one; no row for an unknown key. */
export const REVOKE_KEY: Statement = {
  name: 'key_revoke',
  pool: 'http',
  text: 'update api_key set revoked_at = coalesce(revoked_at, now()) where id = $1 returning id',
};

/**
 * $1 id · $2 amount · $3 note. Gives (is_refused, is_past_range, id, at, kind, amount, note, balance); no row for an
 * unknown key. The account is locked even of a key without limits, so that a limit that is being set sees the move or
 * waits for it. What a ledger adds up to may be past the range already: then it may come nearer.
 */
export const MOVE_CREDITS: Statement = {
  name: 'key_move_credits',
  pool: 'http',
  text: `
    with locked as materialized (
      select api_key_id, is_limited, has_credit_limit, balance from account where api_key_id = $1 for update
    ), stands as materialized (
      select *, case when is_limited then balance
        else (select coalesce(sum(amount), 0) from ledger where api_key_id = $1) end as total from locked
    ), judged as (
      select *, has_credit_limit and $2::numeric < 0 and balance + $2::numeric < 0 as is_refused,
        abs(total + $2::numeric) >= ${PAST_RANGE} and abs(total + $2::numeric) > abs(total) as is_past_range from stands
    ), booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select api_key_id, case when $2::numeric > 0 then 'topup' else 'adjust' end, $2::numeric, $3
      from judged where not is_refused and not is_past_range returning *
    ), moved as (
      update account a set balance = a.balance + b.amount from booked b, locked l
      where a.api_key_id = b.api_key_id and l.api_key_id = b.api_key_id and l.is_limited
    )
    select j.is_refused, j.is_past_range, b.id, b.at, b.kind, b.amount, b.note,
      round(j.total + coalesce(b.amount, 0), 6) as balance
    from judged j left join booked b on true`,
};

export const LOCK_ACCOUNT: Statement = {
  name: '',
  pool: 'http',
  text: 'select is_limited, balance, running from account where api_key_id = $1 for update',
};

/** $1 id · $2 columns of api_key. */
export const PATCH_KEY: Statement = {
  name: '',
  pool: 'http',
  text: `update api_key k set ${PATCHED.map((column) => `${column} = p.${column}`).join(', ')}
    from api_key o cross join lateral jsonb_populate_record(o, $2::jsonb) p where o.id = $1 and k.id = o.id`,
};

/**
 * $1 id · $2 limits · $3 what becomes of the limit of credits: `keep`, `none`, or `set` (which begins with
 * SETTLE_LIMITS). Gives whether the key has limits now. One that had none starts from nothing until it is settled.
 */
export const PATCH_LIMITS: Statement = {
  name: '',
  pool: 'http',
  text: `
    update account a set ${LIMITS.map((column) => `${column} = p.${column}`).join(', ')},
      is_limited = w.is_limited, has_credit_limit = w.is_limited and o.has_credit_limit and $3 <> 'none',
      running = case when o.is_limited then a.running else 0 end,
      window_at = case when o.is_limited then a.window_at end,
      window_used = case when o.is_limited then a.window_used else 0 end,
      day = case when o.is_limited then a.day end, month = case when o.is_limited then a.month end,
      day_used = case when o.is_limited then a.day_used else 0 end,
      month_spent = case when o.is_limited then a.month_spent else 0 end
    from account o cross join lateral jsonb_populate_record(o, $2::jsonb) p
    cross join lateral (select num_nonnulls(${LIMITS.map((column) => `p.${column}`).join(', ')}) > 0
      or $3 = 'set' or $3 = 'keep' and o.has_credit_limit as is_limited) w
    where o.api_key_id = $1 and a.api_key_id = o.api_key_id
    returning a.is_limited`,
};

/** Fails (22003) where settleLimits would not fit as the books stand. $1 id · $2 credits that are left from now on, or null. */
export const TRY_FIT: Statement = {
  name: '',
  pool: 'http',
  text: `select coalesce($2::numeric, total)::numeric(18, 6), ($2::numeric - total)::numeric(18, 6),
      month_spent::numeric(18, 6) from (${booksOf('$1::bigint')}) books`,
};

/** Statements under way that may write accounts: they may have begun before a limit was set, and not see it. */
export const ACCOUNT_WRITERS: Statement = {
  name: 'key_account_writers',
  pool: 'http',
  text: `select distinct virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'account'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())
      and ($1::text[] is null or virtualtransaction = any($1))`,
};

/**
 * Computes what an account keeps of a limited key from ledger and tasks; under its lock (LOCK_ACCOUNT), as a statement
 * of its own, so that it sees all that was committed before. $1 id · $2 credits that are left from now on; null: as the
 * ledger says · $3 note. Gives (balance, running) as the books said.
 */
export const settleLimits = (tallies: TaskTallies): Statement => ({
  name: '',
  pool: 'http',
  text: `
    with books as materialized (${booksOf('$1::bigint')}),
    load as materialized (${tallies.unfinished('$1::bigint')}),
    today as materialized (${tallies.openedToday('$1::bigint')}),
    booked as (
      insert into ledger (api_key_id, kind, amount, note)
      select $1::bigint, 'adjust', $2::numeric - total, $3 from books where $2::numeric <> total
    )
    update account a set balance = coalesce($2::numeric, books.total), running = load.running,
      has_credit_limit = a.has_credit_limit or $2::numeric is not null,
      day = ${TODAY}, day_used = today.opened, month = ${THIS_MONTH}, month_spent = books.month_spent
    from books, load, today where a.api_key_id = $1::bigint
    returning round(books.total, 6) as balance, load.running`,
});
