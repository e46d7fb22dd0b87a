import { booksOf, THIS_MONTH, TODAY } from '#libs/access';
import { type NoParameters, statement, tryJobLock } from '#libs/database';
import { TASK_USAGE } from './usage.js';

/** An invariant between the tables. Each is one statement, so that it is checked at a single moment. */
export interface BookRule {
  name: string;
  /**
   * SQL that returns the violations, each with the id of its key or upstream. $1: ids to check, bigint[]; null: all.
   */
  text: string;
}

const LIMITED = 'a.is_limited and ($1::bigint[] is null or a.api_key_id = any($1))';

/** Invariants of accounts of limited keys against ledger and tasks; ids are those of keys. */
export const ACCOUNT_RULES: readonly BookRule[] = [
  {
    name: 'balance is the sum of the ledger',
    text: `select a.api_key_id as id, a.balance as kept, b.total as counted
      from account a cross join lateral (${booksOf('a.api_key_id')}) b where ${LIMITED} and a.balance <> b.total`,
  },
  {
    name: 'spending of the month is what the ledger says',
    text: `select a.api_key_id as id, a.month_spent as kept, b.month_spent as counted
      from account a cross join lateral (${booksOf('a.api_key_id')}) b
      where ${LIMITED} and a.month = ${THIS_MONTH} and a.month_spent <> b.month_spent`,
  },
  {
    name: 'running counts are what tasks count',
    text: `select a.api_key_id as id, a.running as kept, t.running as counted
      from account a cross join lateral (${TASK_USAGE.unfinished('a.api_key_id')}) t
      where ${LIMITED} and a.running <> t.running`,
  },
  {
    name: 'tasks of the day are what was opened in it',
    text: `select a.api_key_id as id, a.day_used as kept, t.opened as counted
      from account a cross join lateral (${TASK_USAGE.openedToday('a.api_key_id')}) t
      where ${LIMITED} and a.day = ${TODAY} and a.day_used <> t.opened`,
  },
  {
    name: 'no balance that is enforced is below nothing',
    text: `select a.api_key_id as id, a.balance as kept from account a
      where ${LIMITED} and a.has_credit_limit and a.balance < 0`,
  },
];

/** Invariants of slot counters against tasks; ids are those of upstreams. */
export const SLOT_RULES: readonly BookRule[] = [
  {
    name: 'slots are what tasks hold',
    text: `select l.upstream_id as id, l.running as kept, coalesce(sum(t.slots), 0)::int as counted from upstream_load l
      left join task t on t.upstream_id = l.upstream_id and t.has_slot and t.finished_at is null
      where $1::bigint[] is null or l.upstream_id = any($1)
      group by 1, 2 having l.running <> coalesce(sum(t.slots), 0)`,
  },
];

/** Limited keys with ledger entries after `lastEntryId`, and the newest entry id. */
export const KEYS_CHANGED = statement<{ lastEntryId: string }, { id: string; last: string }>({
  name: 'books_keys_changed',
  pool: 'work',
  text: `select a.api_key_id as id, (select coalesce(max(id), 0) from ledger) as last
    from account a where a.is_limited and exists (
      select from ledger l where l.api_key_id = a.api_key_id and l.id > :lastEntryId)`,
});

/** Limited keys, in order of id. */
export const LIMITED_KEYS = statement<{ afterId: string; limit: number }, { id: string }>({
  name: 'books_limited_keys',
  pool: 'work',
  text: 'select api_key_id as id from account where is_limited and api_key_id > :afterId order by api_key_id limit :limit',
});

/** Takes the advisory lock of the audit until the end of the transaction; false while another replica holds it. */
export const TRY_BOOKS_LOCK = statement<NoParameters, { mine: boolean }>({
  name: '',
  pool: 'work',
  text: tryJobLock('books'),
});
