import { rowWriter } from '#libs/database';
import { hostOf } from '#libs/hooks';
import { isTerminal } from '#libs/wire';
import { isRealChange, type Change, type EndedSend } from '../../task/change.js';
import { READ_COLUMNS } from './full.js';
import { Task } from '../../task/task.entity.js';
import { OPEN_VIEWS, type TaskViews } from '../../task/task-view.js';

const writeTask = rowWriter(Task);

/** A change as the statement `task_save` takes it, including the exact body of the hook. */
export function toChangeJson(change: Change, views: TaskViews = OPEN_VIEWS): Record<string, unknown> {
  const { task } = change;
  return {
    // A missing key reads as null, and most columns are null.
    task: Object.fromEntries(
      Object.entries(writeTask(task)).filter(([name, value]) => value !== null && READ_COLUMNS.has(name)),
    ),
    from_version: change.fromVersion,
    refund: change.refund,
    refund_note: change.refundNote,
    frees: change.freesSlotOf,
    uncounts: change.uncounts,
    timeline: change.timeline,
    delivery: deliveryOf(change, views),
    assets: change.assets.map(({ kind, n, sourceUrl }) => ({ kind, n, source_url: sourceUrl })),
    drops_input: change.dropsInput,
    ...(change.endedSend === null ? {} : { ended_send: endedSendOf(change.endedSend) }),
  };
}

function endedSendOf({ attempt, upstreamId, upstreamTaskId, sentAt, why }: EndedSend): Record<string, unknown> {
  return { attempt, upstream_id: upstreamId, upstream_task_id: upstreamTaskId, sent_at: sentAt, why };
}

/** The hook delivery of a change, with its exact body; null if the change sends none. */
export function deliveryOf(change: Change, views: TaskViews): Record<string, unknown> | null {
  const { task } = change;
  const terminal = isTerminal(task.status);
  // Hooks report status and progress; a learned text waits for the next hook.
  const isNews = change.timeline.some(({ kind }) => kind !== 'learned');
  const isDue = change.visible && isNews && isRealChange(change) && task.status !== 'NOT_START';
  if (task.notifyHook === null || !isDue || (task.notifyTerminalOnly && !terminal)) return null;
  return {
    url: task.notifyHook,
    host: hostOf(task.notifyHook),
    terminal,
    payload: JSON.stringify(views.of(task, task.baseUrl)),
  };
}
