import type { UpstreamTarget } from '../port/upstream-adapter.js';

/** Most tasks that are remembered of one upstream; the oldest are forgotten, and judged once more. */
const MOST_TASKS = 1_000;

interface Unable {
  /** The settings under which they were judged. */
  terms: string;
  taskIds: Set<string>;
}

/**
 * Waiting tasks that an upstream was given and cannot do, as this process has seen. A task waits for any upstream of the kinds
 * that can do it; whether one of these can do it depends on its own settings too, and is judged with the command at hand.
 */
export class UnableTasks {
  private readonly ofUpstream = new Map<string, Unable>();

  /** Notes that an upstream cannot do a task. */
  note(up: UpstreamTarget, taskId: string): void {
    const terms = termsOf(up);
    const known = this.ofUpstream.get(up.id);
    const taskIds = known?.terms === terms ? known.taskIds : new Set<string>();
    taskIds.add(taskId);
    const [oldest] = taskIds;
    if (taskIds.size > MOST_TASKS && oldest !== undefined) taskIds.delete(oldest);
    this.ofUpstream.set(up.id, { terms, taskIds });
  }

  /** Ids of the tasks that an upstream cannot do; none once its operator has changed the settings that decide about it. */
  of(up: UpstreamTarget): string[] {
    const known = this.ofUpstream.get(up.id);
    if (known === undefined) return [];
    if (known.terms === termsOf(up)) return [...known.taskIds];
    this.ofUpstream.delete(up.id);
    return [];
  }
}

function termsOf({ baseUrl, modes, actions, defaultVersion, modelVersions }: UpstreamTarget): string {
  return JSON.stringify([baseUrl, modes, actions, defaultVersion, modelVersions]);
}
