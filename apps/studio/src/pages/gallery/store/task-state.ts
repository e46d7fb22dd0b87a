import type { Task } from '../../../api/client.ts';

const RANKS: Record<string, number> = { NOT_START: 0, MODAL: 0, SUBMITTED: 1, IN_PROGRESS: 2 };
const ENDED = 3;

/** How far a status is on its way; statuses go forward only. */
export function rankOf(status: string): number {
  return RANKS[status] ?? ENDED;
}

/** Whether nothing more happens to a task by itself. */
export function hasEnded({ status }: Pick<Task, 'status'>): boolean {
  return rankOf(status) === ENDED;
}

/** Share that is done, 0 to 1. */
export function shareDone({ progress }: Pick<Task, 'progress'>): number {
  const percent = Number.parseInt(progress, 10);
  return Number.isFinite(percent) ? Math.min(Math.max(percent, 0), 100) / 100 : 0;
}

/** Whether what came is at least as new as what is known: an answer that was long on its way may be older than an event. */
export function isNewer(known: Task, came: Task): boolean {
  const [before, after] = [rankOf(known.status), rankOf(came.status)];
  if (before !== after) return after > before;
  return shareDone(came) >= shareDone(known);
}
