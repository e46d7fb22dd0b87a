import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../transition.js';

/**
 * The seed of a finished task. Clients see it, so it has a version and an event; it is no news for a hook, whose last
 * word is the end of the task.
 */
export function onSeeded(
  change: ChangeBuilder,
  { seed, source }: Extract<TaskEvent, { kind: 'seeded' }>,
): Change | null {
  const { task } = change;
  if (task.status !== 'SUCCESS' || task.seed !== null) return null;
  task.seed = seed;
  return change.note('seeded', source).done();
}
