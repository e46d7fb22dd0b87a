import { after } from './after.js';

/** Input that a key may have kept, of tasks that wait or may be sent again. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/** What would be added to a waiting line, and how long that may be; SQL each. */
interface Addition {
  tasks: string;
  bytes: string;
  /** What the key's own limit is, null where it has none. */
  ownLimit: string;
  limit: string;
  mostBytes: string;
}

/**
 * The waiting line of a key as it is now (waiting, bytes), counted after the locks of `locked` were waited for: what a
 * statement's own subqueries count is what was there when it began, and many at once would all find the last place.
 */
export function queueTotals(key: string, locked: string | null): string {
  const argument = locked === null ? key : `case when ${after(locked)} then ${key} end`;
  return `select line.waiting, line.bytes from waiting_line(${argument}) line`;
}

/** Whether a line `q` (of queueTotals) has no room for more: the one rule for whatever is to wait. */
export function isQueueFull({ tasks, bytes, ownLimit, limit, mostBytes }: Addition): string {
  return `(q.waiting + ${tasks} > coalesce(${ownLimit}, ${limit}::integer) or q.bytes + ${bytes} > ${mostBytes}::bigint)`;
}
