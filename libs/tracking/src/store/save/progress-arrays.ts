import { deliveryOf } from './change-json.js';
import type { Change } from '../../task/change.js';
import { jsonItems, plainArray, timeArray } from '../sql-array.js';
import { OPEN_VIEWS, type TaskViews } from '../../task/task-view.js';

/** Whether `task_save_progress` can save it. */
export function isProgress({ progress, timeline }: Change): boolean {
  return progress !== null && timeline.length <= 1;
}

/** Changes as the statement `task_save_progress` takes them: an array for each of its parameters. */
export function toProgressArrays(changes: readonly Change[], views: TaskViews = OPEN_VIEWS): unknown[] {
  const of = (read: (change: Change) => string | number | null): string => plainArray(changes.map(read));
  const at = (read: (change: Change) => Date | null): string => timeArray(changes.map(read));
  return [
    of(({ task }) => task.id),
    of(({ fromVersion }) => fromVersion),
    of(({ task }) => task.version),
    of(({ task }) => task.status),
    of(({ task }) => task.progress),
    at(({ task }) => task.startedAt),
    at(({ task }) => task.polledAt),
    at(({ task }) => task.missingSince),
    of(({ task }) => task.quietPolls),
    at(({ task }) => task.nextPollAt),
    at(({ task }) => task.deadlineAt),
    at(({ task }) => task.hintedAt),
    jsonItems(changes.map(({ progress }) => (progress === null || isEmpty(progress) ? null : progress))),
    of(({ timeline }) => timeline[0]?.kind ?? null),
    of(({ timeline }) => timeline[0]?.source ?? null),
    jsonItems(changes.map((change) => deliveryOf(change, views))),
  ];
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
