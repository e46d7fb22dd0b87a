import { monotonicMs } from '#libs/runtime';
import type { Snapshot, UpstreamTarget } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import type { Task } from '../task/task.entity.js';

/** What an upstream's answer to a poll may hold besides what it was asked for. All of it is ignored. */
export type ProtocolWarning = 'unreadable' | 'foreign' | 'duplicate' | 'unknown_status' | 'regressing';

/** Not seen for so long, it has stopped: the next time is worth a line again, ms. */
const STOPPED_AFTER_MS = 600_000;

const WORDS: Record<ProtocolWarning, string> = {
  unreadable: 'items that cannot be read or have no id',
  foreign: 'tasks that it was not asked for',
  duplicate: 'a task more than once',
  unknown_status: 'tasks with a status that is not known',
  regressing: 'tasks that are less far than they were',
};

/** What is odd about the answer to a poll of these tasks. */
export function protocolWarningsOf(
  asked: readonly Pick<Task, 'upstreamTaskId' | 'status' | 'progress'>[],
  snapshots: readonly Snapshot[],
): Set<ProtocolWarning> {
  const found = new Set<ProtocolWarning>();
  const tasks = new Map(asked.map((task) => [task.upstreamTaskId, task]));
  const seen = new Set<string>();
  for (const { upstreamTaskId, status, progress } of snapshots) {
    const task = tasks.get(upstreamTaskId);
    if (task === undefined) {
      found.add('foreign');
      continue;
    }
    if (seen.has(upstreamTaskId)) found.add('duplicate');
    seen.add(upstreamTaskId);
    if (status === null) found.add('unknown_status');
    else if (!isTerminal(status)) {
      // Before IN_PROGRESS the words differ from server to server: one that says NOT_START after code 1 is not odd.
      const goesBack = task.status === 'IN_PROGRESS' && status !== 'IN_PROGRESS';
      if (goesBack || (progress !== null && progress < task.progress)) found.add('regressing');
    }
  }
  return found;
}

/** Says once per upstream and kind of oddity that it occurs, and again only after it had stopped for ten minutes. */
export class ProtocolWarnings {
  /** When each was last seen, ms. At most one entry for each upstream and kind. */
  private readonly lastSeen = new Map<string, number>();

  constructor(
    private readonly warn: (line: string) => void,
    private readonly now: () => number = monotonicMs,
  ) {}

  note(up: Pick<UpstreamTarget, 'id' | 'name'>, warnings: Iterable<ProtocolWarning>): void {
    const now = this.now();
    for (const warning of warnings) {
      const key = `${up.id} ${warning}`;
      const last = this.lastSeen.get(key);
      this.lastSeen.set(key, now);
      if (last === undefined || now - last > STOPPED_AFTER_MS)
        this.warn(`upstream ${up.name} answers polls with ${WORDS[warning]}; that is ignored`);
    }
  }
}
