import { isTerminal, type TaskAction, type TaskMode, type TaskStatus } from '#libs/wire';
import type { PublicTask } from '../task/public-task.js';
import type { PageIndex } from '../store/reads/page.js';

/** Which tasks of a key a list shows; null: any. */
export interface TaskFilter {
  status: TaskStatus | null;
  action: TaskAction | null;
  mode: TaskMode | null;
  state: string | null;
}

/** Where a task stands in the order of a list: microseconds since 1970 (decimal) and its id. */
export interface PagePosition {
  submittedUs: string;
  id: string;
}

/** Tasks of a page in their order, and where reading goes on; `next` null: there are no further ones. */
export interface PagePiece {
  tasks: { task: PublicTask; position: PagePosition }[];
  next: PagePosition | null;
}

/** Along which index the tasks that a filter lets pass are found soonest. */
export function pageIndexOf({ status, state }: TaskFilter): PageIndex {
  if (state !== null && state !== '') return 'state';
  if (status === null || status === 'SUCCESS') return 'newest';
  return isTerminal(status) ? 'fruitless' : 'unfinished';
}
