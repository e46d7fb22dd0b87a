import { monotonicMs } from '#libs/runtime';
import type { Snapshot, UpstreamTarget } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import type { Task } from '../task/task.entity.js';

/** Deviations in an upstream's answer to a poll. All of them are ignored and logged. */
export type ProtocolWarning = 'unreadable' | 'foreign' | 'duplicate' | 'unknown_status' | 'regressing';

/** Quiet time after which a deviation counts as over, so that the next one is logged again, ms. */
const STOPPED_AFTER_MS = 600_000;

const DESCRIPTIONS: Record<ProtocolWarning, string> = {
  unreadable: 'items that cannot be read or have no id',
  foreign: 'tasks that it was not asked for',
  duplicate: 'a task more than once',
  unknown_status: 'tasks with a status that is not known',
  regressing: 'tasks that are less far than they were',
};

/** The deviations in the answer to a poll of these tasks. */
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
      // Before IN_PROGRESS the status texts differ between servers: NOT_START after code 1 is no deviation.
      const goesBack = task.status === 'IN_PROGRESS' && status !== 'IN_PROGRESS';
      if (goesBack || (progress !== null && progress < task.progress)) found.add('regressing');
    }
  }
  return found;
}

/** Logs each kind of deviation once per upstream, and again only after it had stopped for ten minutes. */
export class ProtocolWarnings {
  /** Time at which each deviation was last seen, ms; at most one entry per upstream and kind. */
  private readonly lastSeen = new Map<string, number>();

  constructor(
    private readonly warn: (line: string) => void,
    private readonly now: () => number = monotonicMs,
  ) {}

  note(up: Pick<UpstreamTarget, 'id' | 'name' | 'kind'>, warnings: Iterable<ProtocolWarning>): void {
    const now = this.now();
    for (const warning of warnings) {
      const key = `${up.id} ${warning}`;
      const last = this.lastSeen.get(key);
      this.lastSeen.set(key, now);
      if (last === undefined || now - last > STOPPED_AFTER_MS)
        this.warn(
          `upstream ${up.name} (${up.kind}) answers polls with ${DESCRIPTIONS[warning]}; such items are ignored`,
        );
    }
  }
}
