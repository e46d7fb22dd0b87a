import type { RecentTasks, Snapshot } from '#libs/upstream';
import type { Task } from '../task.entity.js';

/**
 * Allowance for clock differences, ms: a list reaches back far enough when it shows a task older than the send by this
 * much.
 */
const CLOCK_MARGIN_MS = 60_000;

/** A send that an upstream is known to have accepted. */
export interface AcceptedSend {
  upstreamTaskId: string;
  sentAt: Date;
  /** When this gateway recorded the acceptance. */
  acceptedAt: Date | null;
}

type Sought = Pick<Task, 'sentAt' | 'submittedAt' | 'hintedAt' | 'pushedId'>;

/** The earliest time at which the upstream may have accepted the task, ms since 1970 on the upstream's clock. */
export function sinceOf({ sentAt, submittedAt }: Pick<Task, 'sentAt' | 'submittedAt'>): number {
  return (sentAt ?? submittedAt).getTime() - CLOCK_MARGIN_MS;
}

/**
 * Whether a list that does not show a task denies that the upstream has the task. The list must reach back before the
 * send, and each task listed since then must show a `state`, because an upstream that does not echo `state` could hide
 * the task.
 */
export function deniesTask(task: Sought, { snapshots, reachesBackTo }: RecentTasks): boolean {
  const since = sinceOf(task);
  return reachesBackTo < since && snapshots.every((snapshot) => snapshot.state !== null || isOlder(snapshot, since));
}

/**
 * Whether a list that does not show a send proves that the upstream did not take the send. The list must be
 * trustworthy: it shows every task of this gateway that was accepted since, so it hides no ended tasks, does not come
 * from another server behind the same address, and was not reset by a restart. The list must also reach back before the
 * send, either by the upstream's clock with an older task shown, or down to a task of this gateway that was accepted
 * before the send, whatever the clocks say. A push about the task disproves absence.
 * @param accepted known accepted sends to this upstream that began since the task's send or are in the list
 */
export function provesAbsence(task: Sought, recent: RecentTasks, accepted: readonly AcceptedSend[]): boolean {
  const { sentAt, hintedAt, pushedId } = task;
  if (sentAt === null || pushedId !== null || (hintedAt !== null && hintedAt >= sentAt)) return false;
  const places = new Map(recent.snapshots.map(({ upstreamTaskId }, place) => [upstreamTaskId, place]));
  const isListed = ({ upstreamTaskId }: AcceptedSend): boolean => places.has(upstreamTaskId);
  if (accepted.some((send) => send.sentAt >= sentAt && !isListed(send))) return false;
  const listed = accepted.filter(isListed);
  const since = sinceOf(task);
  if (deniesTask(task, recent)) {
    return (
      recent.snapshots.some((snapshot) => isOlder(snapshot, since)) || listed.some((send) => send.sentAt <= sentAt)
    );
  }
  // Infinity: the order of the list is unknown.
  if (recent.reachesBackTo === Infinity) return false;
  const before = listed
    .filter(({ acceptedAt }) => acceptedAt !== null && acceptedAt < sentAt)
    .map(({ upstreamTaskId }) => places.get(upstreamTaskId) ?? 0);
  return before.length > 0 && recent.snapshots.slice(0, Math.min(...before)).every(({ state }) => state !== null);
}

function isOlder({ submitTime }: Snapshot, since: number): boolean {
  return submitTime !== null && submitTime < since;
}
