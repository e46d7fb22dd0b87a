import type { Task } from '../task.entity.js';

/** Whether only the upstream of its parent can do the task: a follow-up that did not leave that upstream. */
export function isBoundToUpstream({ parentId, rebasedFrom }: Pick<Task, 'parentId' | 'rebasedFrom'>): boolean {
  return parentId !== null && rebasedFrom === null;
}
