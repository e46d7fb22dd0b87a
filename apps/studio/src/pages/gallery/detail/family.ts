import type { Task } from '../../../api/client.ts';

/** A task among its relatives. */
export interface Member {
  id: string;
  /** Steps from the first ancestor. */
  depth: number;
}

/** Relatives in the order of a tree: each is followed by what was made of it, oldest first. */
export function familyTree(tasks: readonly Task[]): Member[] {
  const ids = new Set(tasks.map(({ id }) => id));
  const children = new Map<string, Task[]>();
  for (const task of tasks.toSorted((one, other) => one.submitTime - other.submitTime)) {
    const parent = ids.has(task.parentId) ? task.parentId : '';
    children.set(parent, [...(children.get(parent) ?? []), task]);
  }
  const members: Member[] = [];
  const seen = new Set<string>();
  const add = (id: string, depth: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    members.push({ id, depth });
    for (const child of children.get(id) ?? []) add(child.id, depth + 1);
  };
  for (const root of children.get('') ?? []) add(root.id, 0);
  return members;
}
