import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

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
  return change.set({ seed }).note('seeded', source).done();
}
