import type { RecentTasks, Snapshot } from '#libs/upstream';
import type { Task } from '../task.entity.js';

/** A list reaches back far enough when it shows something older than our send by this much, ms; clocks differ. */
const CLOCK_MARGIN_MS = 60_000;

/** A send that its upstream is known to have accepted. */
export interface AcceptedSend {
  upstreamTaskId: string;
  sentAt: Date;
  /** When its acceptance was known here. */
  acceptedAt: Date | null;
}

type Sought = Pick<Task, 'sentAt' | 'submittedAt' | 'hintedAt' | 'pushedId'>;

/** From when on its upstream may have taken a task in, ms since 1970 on the upstream's clock. */
export function sinceOf({ sentAt, submittedAt }: Pick<Task, 'sentAt' | 'submittedAt'>): number {
  return (sentAt ?? submittedAt).getTime() - CLOCK_MARGIN_MS;
}

/**
 * Whether a list that does not show a task denies that the upstream has it: it must reach back before our send, and every
 * task since then must show a state, because an upstream that echoes none could hide ours.
 */
export function deniesTask(task: Sought, { snapshots, reachesBackTo }: RecentTasks): boolean {
  const since = sinceOf(task);
  return reachesBackTo < since && snapshots.every((snapshot) => snapshot.state !== null || isOlder(snapshot, since));
}

/**
 * Whether a list that does not show a send proves that the upstream did not take it. It must be a list one can believe: of
 * this gateway's own tasks it shows every one that was accepted since, so it hides none that ended, is no other server's
 * behind the same address, and has not begun anew after a restart. It must reach back before the send: by the upstream's
 * clock and with something to show from then, or down to a task of our own that was accepted before this one was sent,
 * whatever clocks say. And a push about the task would be a trace of it.
 * @param accepted sends to this upstream that began since the task's own one or are in the list, as far as they are known
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
  // Infinity: nobody knows in which order it is.
  if (recent.reachesBackTo === Infinity) return false;
  const before = listed
    .filter(({ acceptedAt }) => acceptedAt !== null && acceptedAt < sentAt)
    .map(({ upstreamTaskId }) => places.get(upstreamTaskId) ?? 0);
  return before.length > 0 && recent.snapshots.slice(0, Math.min(...before)).every(({ state }) => state !== null);
}

function isOlder({ submitTime }: Snapshot, since: number): boolean {
  return submitTime !== null && submitTime < since;
}
