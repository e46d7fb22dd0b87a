import { call, type Schemas } from '../../../api/client.ts';

/** A task as operators see it. */
export type AdminTask = Schemas['AdminTaskDto'];
/** A page of tasks. */
export type TaskPage = Schemas['AdminTaskPageDto'];

export const PAGE_ROWS = 50;

/** Reads a page of the tasks of all keys. @throws CallFailure */
export function readTaskPage(query: URLSearchParams, cursor: string, signal: AbortSignal): Promise<TaskPage> {
  const asked = new URLSearchParams(query);
  asked.set('limit', String(PAGE_ROWS));
  if (cursor !== '') asked.set('cursor', cursor);
  return call<TaskPage>('GET', `/admin/tasks?${asked.toString()}`, { signal });
}
