import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Task } from '../../../api/client.ts';
import { isNewer } from './task-state.ts';

const NO_CHILDREN: readonly string[] = [];

/** The tasks that the page knows, each a signal, so that news of one redraws its card only. */
export class TaskStore {
  private readonly tasks = new Map<string, Signal<Task>>();
  private readonly families = new Map<string, Signal<readonly string[]>>();

  get size(): number {
    return this.tasks.size;
  }

  has(id: string): boolean {
    return this.tasks.has(id);
  }

  /** A task's signal; undefined where it is not known. */
  get(id: string): ReadonlySignal<Task> | undefined {
    return this.tasks.get(id);
  }

  /** Known children of a task, newest first. */
  childrenOf(id: string): ReadonlySignal<readonly string[]> {
    return this.family(id);
  }

  /** Takes in what is known now of a task; what is older than what is there changes nothing. */
  put(task: Task): void {
    const known = this.tasks.get(task.id);
    if (known === undefined) {
      this.tasks.set(task.id, signal(task));
      if (task.parentId !== '') this.adopt(task);
    } else if (isNewer(known.value, task)) {
      known.value = task;
    }
  }

  /** Ids of tasks that something can still happen to. */
  open(isOpen: (task: Task) => boolean): string[] {
    return [...this.tasks.values()].filter((task) => isOpen(task.peek())).map((task) => task.peek().id);
  }

  /** Forgets every task but these. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const [id, task] of this.tasks) {
      if (ids.has(id)) continue;
      this.tasks.delete(id);
      const family = this.families.get(task.peek().parentId);
      if (family !== undefined) family.value = family.peek().filter((child) => child !== id);
    }
    for (const [id, family] of this.families) {
      if (family.peek().length === 0 && !this.tasks.has(id)) this.families.delete(id);
    }
  }

  private adopt({ id, parentId }: Task): void {
    const family = this.family(parentId);
    const members = [...family.peek().filter((child) => child !== id), id];
    // Ids of one day are random: the time of the submit decides.
    const submitted = (child: string): number => this.tasks.get(child)?.peek().submitTime ?? 0;
    family.value = members.sort((one, other) => submitted(other) - submitted(one));
  }

  private family(id: string): Signal<readonly string[]> {
    let family = this.families.get(id);
    if (family === undefined) this.families.set(id, (family = signal(NO_CHILDREN)));
    return family;
  }
}
