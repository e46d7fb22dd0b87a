/**
 * SQL fragments on `account` and `ledger`, to be joined into the statements that open and end tasks, so that money moves
 * in the transaction that makes it due. Sums per key are aggregated before they are joined; locks go by id.
 */

/** Locks the accounts of limited keys among `keys` (a subquery of key ids). Keys without limits are not touched. */
export function lockAccounts(keys: string): string {
  return `select api_key_id, has_credit_limit, balance, running, max_concurrent from account
    where api_key_id in (${keys}) and is_limited order by api_key_id for update`;
}

/** Books the price of each opened task of `from` (id, api_key_id, price). */
export function bookHolds(from: string): string {
  return `insert into ledger (api_key_id, task_id, kind, amount)
    select api_key_id, id, 'hold', -price from ${from} where price > 0`;
}

/** Takes price and running count of `from` (api_key_id, price, is_counted) off limited accounts. */
export function chargeAccounts(from: string): string {
  return `update account a set balance = a.balance - taken.price, running = a.running + taken.n
    from (select api_key_id, sum(price) as price, (count(*) filter (where is_counted))::int as n
      from ${from} group by api_key_id) taken
    where a.api_key_id = taken.api_key_id and a.is_limited`;
}

/** Books what each task of `from` (id, api_key_id, refund) gets back. */
export function bookRefunds(from: string): string {
  return `insert into ledger (api_key_id, task_id, kind, amount)
    select api_key_id, id, 'refund', refund from ${from} where refund > 0`;
}

/** Gives refunds and running counts of `from` (api_key_id, refund, uncounts) back to accounts that keep them. */
export function creditAccounts(from: string): string {
  return `update account a
    set balance = a.balance + case when a.is_limited then given.refund else 0 end,
        running = greatest(0, a.running - given.n)
    from (select api_key_id, sum(refund) as refund, (count(*) filter (where uncounts))::int as n
      from ${from} where refund > 0 or uncounts group by api_key_id) given
    where a.api_key_id = given.api_key_id and (a.is_limited or given.n > 0)`;
}
