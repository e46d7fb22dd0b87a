import { pagePath } from '../../../app/pages.ts';

/** Address of the table. @param search with its filters, such as `?status=FAILURE` */
export function tablePath(search: string): string {
  return pagePath('tasks') + search;
}

/** Address of a task's drawer over the table with these filters. */
export function taskPath(id: string, search: string): string {
  return pagePath('tasks', id) + search;
}
