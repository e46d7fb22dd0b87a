/**
 * Which class a waiting task of the relation `t` is served in, 0 first: TURBO, FAST, RELAX, and 10 minutes of waiting lift
 * it one class.
 */
export function queueClass(t: string): string {
  return `greatest(0, array_position(array['TURBO', 'FAST', 'RELAX'], ${t}.mode) - 1
    - floor(extract(epoch from now() - ${t}.submitted_at) / 600))`;
}

/** What waiting tasks are served by, as far as class and age decide: to be compared, or sorted by. */
export function queueOrder(t: string): string {
  return `(${queueClass(t)}, ${t}.submitted_at, ${t}.id)`;
}

/** How many waiting tasks are served before each that waits, (id, position). */
export const QUEUE_PLACES = `select id, (row_number() over (order by ${queueOrder('task')}) - 1)::int as position
  from task where waiting`;

/** The same of those of `ids` (SQL of a bigint[]), (id, position): counted once for all, and not at all where none waits. */
export function placesOf(ids: string): string {
  return `select id, position from (${QUEUE_PLACES}) places
      where id = any(${ids}) and exists (select from task where id = any(${ids}) and waiting)`;
}
