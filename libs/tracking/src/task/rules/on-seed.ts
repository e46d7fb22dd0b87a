import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { Draft } from '../transition.js';

/**
 * The seed of a finished task. Clients see it, so it has a version and an event; it is no news for a hook, whose last
 * word is the end of the task.
 */
export function onSeeded(draft: Draft, { seed, source }: Extract<TaskEvent, { kind: 'seeded' }>): Change | null {
  const { task } = draft;
  if (task.status !== 'SUCCESS' || task.seed !== null) return null;
  task.seed = seed;
  return draft.note('seeded', source).done();
}
