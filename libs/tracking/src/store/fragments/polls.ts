/**
 * SQL fragments on `task_poll` for the statements that set `task.next_poll_at`: one narrow row for each polled task.
 * Claims write `due_at` alone, so no poll writes an index of the wide table `task` (docs/decisions/0010).
 */

/** SQL that schedules the next poll of each row of `from` (id, upstream_id, next_poll_at), in order of id. */
export function schedulePolls(from: string): string {
  return `insert into task_poll (task_id, upstream_id, due_at)
    select id, upstream_id, next_poll_at from ${from} where next_poll_at is not null and upstream_id is not null order by id
    on conflict (task_id) do update set upstream_id = excluded.upstream_id, due_at = excluded.due_at`;
}

/** SQL that reschedules polls whose rows exist already: half the cost of schedulePolls. */
export function movePolls(from: string): string {
  return `update task_poll p set due_at = s.next_poll_at from ${from} s where p.task_id = s.id and s.next_poll_at is not null`;
}

/** SQL that ends the polls of the rows of `from` (id, next_poll_at) without a next_poll_at. */
export function endPolls(from: string): string {
  // A list instead of a join: a plan made while the table was young keeps reading the whole table, 110 µs per task
  // became 700.
  return `delete from task_poll where task_id = any (array(select id from ${from} where next_poll_at is null))`;
}

/** SQL of the next poll of a saved task of the relation `c`: now, if a push came since the row was read. */
export function nextPollAt(isHinted: string): string {
  return `case when c.next_poll_at is not null and ${isHinted} then now() else c.next_poll_at end`;
}
