import { call, type Task } from '../../../api/client.ts';

const MOST_ANCESTORS = 20;
const MOST_MEMBERS = 60;
const MOST_CHILDREN = 40;

/** A task's relatives: the first ancestor that is there, and everybody below it. */
export interface Family {
  tasks: Task[];
  /** Whether some were left out. */
  isCut: boolean;
}

/** Reads the ancestors of a task, and what was made of them: generation by generation, until there are enough. */
export async function readFamily(task: Task, signal: AbortSignal): Promise<Family> {
  const byId = new Map([[task.id, task]]);
  let root = task;
  for (let step = 0; step < MOST_ANCESTORS && root.parentId !== '' && !byId.has(root.parentId); step += 1) {
    const body = { ids: [root.parentId] };
    const [parent] = await call<Task[]>('POST', '/mj/task/list-by-condition', { body, signal });
    if (parent === undefined) break;
    byId.set(parent.id, parent);
    root = parent;
  }
  let isCut = false;
  const queue = [root.id];
  // The line from the root to the task is always there, whatever is left out beside it.
  for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
    if (byId.size >= MOST_MEMBERS) {
      isCut = true;
      break;
    }
    const { items, nextCursor } = await childrenOf(id, signal);
    isCut ||= nextCursor !== null;
    for (const child of items) {
      byId.set(child.id, child);
      queue.push(child.id);
    }
  }
  return { tasks: [...byId.values()], isCut };
}

async function childrenOf(id: string, signal: AbortSignal): Promise<{ items: Task[]; nextCursor: string | null }> {
  const page = await call<{ items: Task[]; nextCursor: string | null }>(
    'GET',
    `/mj/task/list?limit=${MOST_CHILDREN}&parentId=${id}`,
    { signal },
  );
  return { ...page, items: page.items.filter(({ parentId }) => parentId === id) };
}
