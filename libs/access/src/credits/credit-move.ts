/**
 * SQL fragments on `account` and `ledger`, to be joined into the statements that open and end tasks, so that credits move
 * in the transaction that makes them due. Sums per key are aggregated before they are joined; accounts are locked by id.
 *
 * Accounts of keys without limits are never written: `balance`, `running` and the counters stand still until a limit
 * is set, which computes them anew (`settleLimits` in api-key-statements.ts).
 */

/** Limits count by UTC days and months. */
export const TODAY = `(now() at time zone 'utc')::date`;
export const THIS_MONTH = `date_trunc('month', now() at time zone 'utc')::date`;
export const DAY_START = `(${TODAY}::timestamp at time zone 'utc')`;
const MONTH_START = `(${THIS_MONTH}::timestamp at time zone 'utc')`;

/** SQL condition: whether an account's submit minute runs. It begins with the first submit after the end of the last one. */
const RUNS = (account: string): string => `${account}.window_at > now() - interval '60 s'`;

/** Locks the accounts of limited keys among `keys` (a subquery of key ids), and gives their limits and current use. */
export function lockAccounts(keys: string): string {
  return `select a.api_key_id, a.has_credit_limit, a.balance, a.running, a.max_concurrent, a.queue_limit,
      a.requests_per_minute, case when ${RUNS('a')} then a.window_used else 0 end as window_used,
      case when ${RUNS('a')} then a.window_at else now() end + interval '60 s' as window_end,
      a.daily_tasks, case when a.day = ${TODAY} then a.day_used else 0 end as day_used,
      a.monthly_spend, case when a.month = ${THIS_MONTH} then a.month_spent else 0 end as month_spent
    from account a where a.api_key_id in (${keys}) and a.is_limited order by a.api_key_id for update`;
}

/** Books the price of each opened task of `from` (id, api_key_id, price). */
export function bookHolds(from: string): string {
  return `insert into ledger (api_key_id, task_id, kind, amount)
    select api_key_id, id, 'hold', -price from ${from} where price > 0`;
}

/**
 * Takes price and running count of `from` (api_key_id, price, jobs, is_counted) off limited accounts.
 * @param counted SQL aggregates over `from`: the submits that count in the minute, and the tasks that count in the day
 */
export function chargeAccounts(from: string, counted: { submits: string; tasks: string }): string {
  return `update account a set balance = a.balance - taken.price, running = a.running + taken.n,
      month = ${THIS_MONTH},
      month_spent = case when a.month = ${THIS_MONTH} then a.month_spent else 0 end + taken.price,
      day = ${TODAY}, day_used = case when a.day = ${TODAY} then a.day_used else 0 end + taken.tasks,
      window_at = case when ${RUNS('a')} or taken.submits = 0 then a.window_at else now() end,
      window_used = case when ${RUNS('a')} or taken.submits = 0 then a.window_used else 0 end + taken.submits
    from (select api_key_id, sum(price) as price, coalesce(sum(jobs) filter (where is_counted), 0)::int as n,
        (${counted.submits})::int as submits, (${counted.tasks})::int as tasks
      from ${from} group by api_key_id) taken
    where a.api_key_id = taken.api_key_id and a.is_limited`;
}

/** Books the refund of each task of `from` (id, api_key_id, refund, refund_note). */
export function bookRefunds(from: string): string {
  return `insert into ledger (api_key_id, task_id, kind, amount, note)
    select api_key_id, id, 'refund', refund, coalesce(refund_note, '') from ${from} where refund > 0`;
}

/**
 * Gives refunds and running counts of `from` (id, api_key_id, refund, uncounts, jobs, refused, alias_of, submitted_at) back to
 * limited accounts. A hold of an earlier month does not lower this month's spending; a task that ends before any work
 * (declined, or an alias of another task) does not count in its day.
 */
export function creditAccounts(from: string): string {
  return `update account a
    set balance = a.balance + given.refund, running = greatest(0, a.running - given.n),
      month_spent = a.month_spent - case when a.month = ${THIS_MONTH} then given.refund_of_month else 0 end,
      day_used = a.day_used - case when a.day = ${TODAY} then given.undone else 0 end
    from (select api_key_id, sum(refund) as refund, coalesce(sum(jobs) filter (where uncounts), 0)::int as n,
        coalesce(sum(refund) filter (where refund > 0 and
          (select max(h.at) from ledger h where h.task_id = f.id and h.kind = 'hold') >= ${MONTH_START}), 0) as refund_of_month,
        coalesce(sum(jobs) filter (where uncounts and (refused or alias_of is not null) and submitted_at >= ${DAY_START}), 0)::int as undone
      from ${from} f where refund > 0 or uncounts group by api_key_id) given
    where a.api_key_id = given.api_key_id and a.is_limited`;
}

/**
 * SQL aggregate over lines `l` of one key's ledger: its spending of this UTC month. A refund counts where its hold is of this
 * month too.
 */
export const MONTH_SPENT = `coalesce(-sum(l.amount) filter (where l.at >= ${MONTH_START} and (l.kind = 'hold' or l.kind = 'refund' and exists (
        select from ledger h where h.task_id = l.task_id and h.kind = 'hold' and h.at >= ${MONTH_START} and h.id < l.id))), 0)`;

/** Gives one row (total, month_spent): the sums of a key's ledger now. */
export function booksOf(key: string): string {
  return `select coalesce(sum(l.amount), 0) as total, ${MONTH_SPENT} as month_spent
    from ledger l where l.api_key_id = ${key}`;
}
