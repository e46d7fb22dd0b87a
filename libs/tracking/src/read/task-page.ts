import { isTerminal, type TaskAction, type TaskMode, type TaskStatus } from '#libs/wire';
import type { PublicTask } from '../task/public-task.js';
import type { PageIndex } from '../store/reads/page.js';

/** Filters of a list; a filter that is null lets all tasks pass. */
export interface TaskFilter {
  status: TaskStatus | null;
  action: TaskAction | null;
  mode: TaskMode | null;
  state: string | null;
  /** Text in the prompt, in any case, or the id of a task. */
  text?: string | null;
  /** Submitted at this time or later, and before that. */
  from?: Date | null;
  to?: Date | null;
  /** Children of this task. */
  parentId?: string | null;
}

/** Position of a task in the order of a list: microseconds since 1970 (decimal) and its id. */
export interface PagePosition {
  submittedUs: string;
  id: string;
}

/** Tasks of a page in order, and the position where the next piece starts; `next` null: the list ends here. */
export interface PagePiece {
  tasks: { task: PublicTask; position: PagePosition }[];
  next: PagePosition | null;
}

/** The index that finds the tasks of a filter with the fewest scanned rows. */
export function pageIndexOf({ status, state, parentId = null }: TaskFilter): PageIndex {
  if (parentId !== null) return 'children';
  if (state !== null && state !== '') return 'state';
  if (status === null || status === 'SUCCESS') return 'newest';
  return isTerminal(status) ? 'fruitless' : 'unfinished';
}
