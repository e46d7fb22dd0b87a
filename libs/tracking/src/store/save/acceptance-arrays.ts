import { deliveryOf } from './change-json.js';
import type { SettledSubmit } from '../outcome-batcher.js';
import { jsonItems, plainArray, timeArray } from '../sql-array.js';
import { OPEN_VIEWS, type TaskViews } from '../../task/task-view.js';

/** Settles with `Change.isAcceptance` as the statement `task_settle_accepted` takes them: an array for each parameter. */
export function toAcceptArrays(accepted: readonly SettledSubmit[], views: TaskViews = OPEN_VIEWS): unknown[] {
  const changes = accepted.map(({ change }) => change);
  const tasks = changes.map(({ task }) => task);
  const lines = changes.map(({ timeline }) => timeline[0]);
  return [
    plainArray(tasks.map(({ id }) => id)),
    plainArray(changes.map(({ fromVersion }) => fromVersion)),
    plainArray(tasks.map(({ status }) => status)),
    timeArray(tasks.map(({ startedAt }) => startedAt)),
    // An upstream's word: escaped.
    tasks.map(({ upstreamTaskId }) => upstreamTaskId),
    timeArray(tasks.map(({ nextPollAt }) => nextPollAt)),
    timeArray(tasks.map(({ deadlineAt }) => deadlineAt)),
    timeArray(tasks.map(({ hintedAt }) => hintedAt)),
    plainArray(lines.map((line) => line?.kind ?? null)),
    plainArray(lines.map((line) => line?.source ?? null)),
    jsonItems(lines.map((line) => line?.detail ?? {})),
    jsonItems(changes.map((change) => deliveryOf(change, views))),
    jsonItems(accepted.map(({ answer }) => answer)),
  ];
}
