import { isTerminal, type TaskStatus } from '#libs/wire';
import type { Snapshot } from './snapshot.js';

/** An upstream's newest tasks, newest first. */
export interface RecentTasks {
  snapshots: Snapshot[];
  /**
   * Everything that it took in after this time is among them, ms since 1970 on its clock: -Infinity where these are all
   * that it has, Infinity where nothing is proven.
   */
  reachesBackTo: number;
}

/** Which of the newest tasks are wanted. */
export interface RecentQuery {
  /** Pages are asked for until they reach back to here; null: one page is enough. */
  since: Date | null;
  /** Told what was found so far; true: no more pages are needed. */
  isEnough?: (snapshots: readonly Snapshot[]) => boolean;
}

/** How far servers list tasks out of the order in which they were submitted, ms: those of one moment by their ids. */
const DISORDER_MS = 10_000;

/**
 * How far back a list proves what it does not show, ms since 1970: to its oldest task, if it is in order. Infinity for
 * one in another order, which may have left out anything, and where no task has a time.
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
 * Each task once, where it came first, as it is furthest on: servers that merge a queue and a store show one twice, in
 * any order.
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

/** How much there is to see of it. */
function results({ imageUrl, imageUrls, videoUrls, buttons, promptEn, finalPrompt }: Snapshot): number {
  const texts = [promptEn, finalPrompt].filter((text) => text !== '');
  return (imageUrl === null ? 0 : 1) + imageUrls.length + videoUrls.length + buttons.length + texts.length;
}
