/**
 * SQL fragments on `task_poll`, to be joined into the statements that set `task.next_poll_at`: one narrow row for each task
 * that is polled. Claims move `due_at` alone, so no poll writes an index of the wide `task` (docs/decisions/0010).
 */

/** Has each of `from` (id, upstream_id, next_poll_at) polled when its next_poll_at says so. Locks in the order of ids. */
export function schedulePolls(from: string): string {
  return `insert into task_poll (task_id, upstream_id, due_at)
    select id, upstream_id, next_poll_at from ${from} where next_poll_at is not null and upstream_id is not null order by id
    on conflict (task_id) do update set upstream_id = excluded.upstream_id, due_at = excluded.due_at`;
}

/** The same where their rows are there already: half the cost. */
export function movePolls(from: string): string {
  return `update task_poll p set due_at = s.next_poll_at from ${from} s where p.task_id = s.id and s.next_poll_at is not null`;
}

/** Has those of `from` (id, next_poll_at) polled no more that have no next_poll_at. */
export function endPolls(from: string): string {
  // As a list: joined, a plan that was made while the table was young reads all of it for ever, 110 µs a task became 700.
  return `delete from task_poll where task_id = any (array(select id from ${from} where next_poll_at is null))`;
}

/** When a task of the relation `c` that is saved is polled next: now, where it was hinted at since it was read. */
export function nextPollAt(isHinted: string): string {
  return `case when c.next_poll_at is not null and ${isHinted} then now() else c.next_poll_at end`;
}
