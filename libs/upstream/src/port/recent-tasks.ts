import { isTerminal, type TaskStatus } from '#libs/wire';
import type { Snapshot } from './snapshot.js';

/** A list of an upstream's tasks, newest first. */
export interface RecentTasks {
  snapshots: Snapshot[];
  /**
   * Low watermark of the list, ms since 1970 by the upstream's clock: every task that it accepted after this time is in
   * the list. -Infinity where the list is complete, Infinity where nothing is proven.
   */
  reachesBackTo: number;
}

/** How much of a list of recent tasks is read. */
export interface RecentQuery {
  /** Pages are read until they reach back to this time; null: one page is enough. */
  since: Date | null;
  /** Called with the tasks read so far; true: no more pages are needed. */
  isEnough?: (snapshots: readonly Snapshot[]) => boolean;
}

/** How much servers may list tasks out of the order of their submit times, ms: some order tasks of one moment by id. */
const DISORDER_MS = 10_000;

/**
 * The low watermark of a list, ms since 1970: the submit time of its oldest task, if the list is in order. Infinity for a
 * list in another order, which may have left out any task, and where no task has a time.
 */
export function reachesBackTo(snapshots: readonly Snapshot[]): number {
  let oldest = Infinity;
  for (const { submitTime } of snapshots) {
    if (submitTime === null) continue;
    if (submitTime > oldest + DISORDER_MS) return Infinity;
    oldest = Math.min(oldest, submitTime);
  }
  return oldest;
}

const RANKS: Record<TaskStatus, number> = {
  NOT_START: 1,
  MODAL: 2,
  SUBMITTED: 3,
  IN_PROGRESS: 4,
  CANCEL: 5,
  FAILURE: 6,
  SUCCESS: 7,
};

/**
 * Removes duplicates: keeps the most advanced snapshot of each task, at the place of its first. Servers that merge a queue
 * and a store show a task twice, in any order.
 */
export function mostAdvanced(snapshots: readonly Snapshot[]): Snapshot[] {
  const byId = new Map<string, Snapshot>();
  for (const snapshot of snapshots) {
    const known = byId.get(snapshot.upstreamTaskId);
    if (known === undefined || isFurther(snapshot, known)) byId.set(snapshot.upstreamTaskId, snapshot);
  }
  return [...byId.values()];
}

function isFurther(one: Snapshot, other: Snapshot): boolean {
  const rank = ({ status }: Snapshot): number => (status === null ? 0 : RANKS[status]);
  if (rank(one) !== rank(other)) return rank(one) > rank(other);
  const progress = (one.progress ?? -1) - (other.progress ?? -1);
  const isOver = one.status !== null && isTerminal(one.status);
  if (progress !== 0 && !isOver) return progress > 0;
  return results(one) > results(other);
}

/** How many results a snapshot shows. */
function results({ imageUrl, imageUrls, videoUrls, buttons, promptEn, finalPrompt }: Snapshot): number {
  const texts = [promptEn, finalPrompt].filter((text) => text !== '');
  return (
    [imageUrl, ...imageUrls].filter((url) => url !== null).length + videoUrls.length + buttons.length + texts.length
  );
}
