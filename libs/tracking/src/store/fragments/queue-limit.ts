import { after } from './after.js';

/** Most stored input of one key, bytes, of tasks that wait or may be sent again. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/** An addition to the queue of a key and the limits of the queue; each part is SQL. */
interface Addition {
  tasks: string;
  bytes: string;
  /** The key's own limit; null if it has none. */
  ownLimit: string;
  limit: string;
  mostBytes: string;
}

/**
 * SQL of the present queue of a key (waiting, bytes), counted after the rows of `locked` are locked. A statement's own
 * subqueries see the table as it was when the statement began, so concurrent statements would all find the last place
 * free.
 */
export function queueTotals(key: string, locked: string | null): string {
  const argument = locked === null ? key : `case when ${after(locked)} then ${key} end`;
  return `select line.waiting, line.bytes from waiting_line(${argument}) line`;
}

/**
 * SQL of the queue limit: whether a queue `q` (of queueTotals) admits no further task. Every statement that lets a task
 * wait uses this rule.
 */
export function isQueueFull({ tasks, bytes, ownLimit, limit, mostBytes }: Addition): string {
  return `(q.waiting + ${tasks} > coalesce(${ownLimit}, ${limit}::integer) or q.bytes + ${bytes} > ${mostBytes}::bigint)`;
}
