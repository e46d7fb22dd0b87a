import { rowWriter } from '#libs/database';
import { hostOf } from '#libs/hooks';
import { isTerminal } from '#libs/wire';
import { isRealChange, type Change } from './change.js';
import { Task } from './task.entity.js';
import { toTaskView } from './task-view.js';

const writeTask = rowWriter(Task);

/** A change as the statement `task_save` takes it, the hook's exact body included. */
export function toChangeJson(change: Change): Record<string, unknown> {
  const { task } = change;
  return {
    task: writeTask(task),
    from_version: change.fromVersion,
    refund: change.refund,
    frees: change.freesSlotOf,
    uncounts: change.uncounts,
    timeline: change.timeline,
    delivery: deliveryOf(change),
    assets: change.assets.map(({ kind, n, sourceUrl }) => ({ kind, n, source_url: sourceUrl })),
    drops_input: change.dropsInput,
  };
}

function deliveryOf(change: Change): Record<string, unknown> | null {
  const { task } = change;
  const terminal = isTerminal(task.status);
  // Receivers are told of status and progress; a text that was learned is in the next hook.
  const isNews = change.timeline.some(({ kind }) => kind !== 'learned');
  const isDue = change.visible && isNews && isRealChange(change) && task.status !== 'NOT_START';
  if (task.notifyHook === null || !isDue || (task.notifyTerminalOnly && !terminal)) return null;
  return {
    url: task.notifyHook,
    host: hostOf(task.notifyHook),
    terminal,
    payload: JSON.stringify(toTaskView(task, task.baseUrl)),
  };
}
