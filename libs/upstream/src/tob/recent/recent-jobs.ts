import { UpstreamCallError } from '../../port/outcome.js';
import type { RecentQuery, RecentTasks } from '../../port/recent-tasks.js';
import type { Snapshot } from '../../port/snapshot.js';

/** A job that a list names: neither list shows more than its id and a time. */
export interface ListedJob {
  jobId: string;
  /** ms since 1970; null: the list has no time for it. */
  at: number | null;
}

/** Most jobs that are read for one list, newest first, and most at a time. */
const MOST_READ = 64;
const AT_ONCE = 8;
/** How far the clock of a vendor may be behind, ms. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * Reads the listed jobs one by one, newest first, until the query has enough. A list that shows active or paid jobs only
 * never proves that a job does not exist.
 * @param read one job; null: the vendor does not know it any more
 * @param isSpent true: no more jobs are begun
 */
export async function readListed(
  listed: readonly ListedJob[],
  { since, isEnough = () => false }: RecentQuery,
  read: (job: ListedJob) => Promise<Snapshot | null>,
  isSpent: () => boolean,
): Promise<RecentTasks> {
  const left = newestOf(listed, since);
  const snapshots: Snapshot[] = [];
  while (left.length > 0 && !isSpent() && !isEnough(snapshots)) {
    const round = await Promise.all(left.splice(0, AT_ONCE).map((job) => orNull(read(job))));
    snapshots.push(...round.filter((snapshot) => snapshot !== null));
  }
  return { snapshots, reachesBackTo: Infinity };
}

function newestOf(listed: readonly ListedJob[], since: Date | null): ListedJob[] {
  const from = since === null ? -Infinity : since.getTime() - CLOCK_MARGIN_MS;
  const unique = new Map(listed.filter(({ at }) => at === null || at >= from).map((job) => [job.jobId, job]));
  const inOrder = [...unique.values()].sort((one, other) => (other.at ?? Infinity) - (one.at ?? Infinity));
  return inOrder.slice(0, since === null ? AT_ONCE : MOST_READ);
}

/** A job that cannot be read is left out: the others count all the same. */
async function orNull(job: Promise<Snapshot | null>): Promise<Snapshot | null> {
  try {
    return await job;
  } catch (error) {
    if (error instanceof UpstreamCallError) return null;
    throw error;
  }
}
