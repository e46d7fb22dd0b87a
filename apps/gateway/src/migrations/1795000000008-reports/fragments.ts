/**
 * What several views have in common. No view hides rows, so none is a security barrier: such a view is planned by itself,
 * and every query on it would compute all its columns.
 */

/** A key by name. Names need not be unique: a later key of the same name has its number added. */
export const KEYS = `(
    select id, case when row_number() over (partition by name order by id) = 1 then name else name || ' #' || id end as label
    from api_key)`;

/** An upstream by name. A removed one has its number added, for its name may be in use again. */
export const UPSTREAM_LABEL = `case when u.retired_at is null then u.name else u.name || ' #' || u.id end`;

/** What groups show that has no upstream (yet): materialised views are refreshed along columns without nulls. */
export const NO_UPSTREAM = '(none)';

/** UTC day of a time. Of task and upstream_call it is indexed, in exactly these words. */
export function dayOf(time: string): string {
  return `(${time} at time zone 'UTC')::date`;
}

/**
 * UTC months from the first task until today, each with its bounds: joined by them, the tasks of a month are found by the
 * index on their time, and months need none of their own, whose upkeep every submit would pay.
 */
export const MONTHS = `(
    select span::date as month, span at time zone 'UTC' as starts_at,
      (span + interval '1 month') at time zone 'UTC' as ends_at
    from generate_series(
      (select date_trunc('month', min(submitted_at) at time zone 'UTC') from task),
      now() at time zone 'UTC', interval '1 month') as span)`;

/** Share of `part` in `whole`, 4 decimals; null of nothing. */
export function ratio(part: string, whole: string): string {
  return `round((${part})::numeric / nullif(${whole}, 0), 4)`;
}

/** A percentile, interpolated, 3 decimals; rows without a value do not count. */
export function percentile(share: number, value: string): string {
  return `round((percentile_cont(${share}) within group (order by ${value}))::numeric, 3)`;
}

/** Seconds from one time to another as a double, for percentiles: thousands of them are sorted in no time. */
export function elapsed(from: string, to: string): string {
  return `date_part('epoch', ${to} - ${from})`;
}

/** Seconds from one time to another, to the millisecond; null while one of them is. */
export function seconds(from: string, to: string): string {
  return `round(extract(epoch from ${to} - ${from}), 3)`;
}
