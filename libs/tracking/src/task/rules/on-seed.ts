import type { Change } from '../change.js';
import type { TaskEvent } from '../event.js';
import type { ChangeBuilder } from '../change-builder.js';

/**
 * Stores the seed of a finished task. Clients see the seed, so the change has a version and an event, but no hook: the
 * last hook of a task is its end.
 */
export function onSeeded(
  change: ChangeBuilder,
  { seed, source }: Extract<TaskEvent, { kind: 'seeded' }>,
): Change | null {
  const { task } = change;
  if (task.status !== 'SUCCESS' || task.seed !== null) return null;
  return change.set({ seed }).note('seeded', source).done();
}
