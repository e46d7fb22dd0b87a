import { call, type Task } from '../../../api/client.ts';
import { useResource } from '../../../api/resource.ts';

const MOST_CHILDREN = 24;

/** The task that another one was made of, and those that were made of it. */
export interface Relatives {
  parent: Task | null;
  children: readonly Task[];
}

const NONE: Relatives = { parent: null, children: [] };

/** Reads the nearest relatives of a task that have something to show. */
export function useRelatives({ id, parentId }: Task): Relatives {
  const [relatives] = useResource<Relatives>(`relatives ${id}`, async (signal) => {
    const [parents, page] = await Promise.all([
      parentId === '' ? [] : call<Task[]>('POST', '/mj/task/list-by-condition', { body: { ids: [parentId] }, signal }),
      call<{ items: Task[] }>('GET', `/mj/task/list?limit=${MOST_CHILDREN}&parentId=${id}`, { signal }),
    ]);
    return {
      parent: parents.find(hasResult) ?? null,
      children: page.items.filter((child) => child.parentId === id && hasResult(child)).reverse(),
    };
  });
  return relatives.value.value ?? NONE;
}

function hasResult({ status, imageUrl, videoUrl }: Task): boolean {
  return status === 'SUCCESS' && (imageUrl !== '' || videoUrl !== '');
}
