import { call, type Task } from '../../../api/client.ts';
import { useResource, type Resource } from '../../../api/resource.ts';

/** The task whose button opened a window; its value stays null where there is none. */
export function useParent({ parentId }: Task): Resource<Task> {
  const [parent] = useResource<Task>(parentId === '' ? null : `task ${parentId}`, (signal) =>
    call('GET', `/mj/task/${encodeURIComponent(parentId)}/fetch`, { signal }),
  );
  return parent.value;
}
