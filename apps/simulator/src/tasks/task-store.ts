import { type Journal, KEEP_TASKS } from './journal.js';
import { isKnown, isTerminal, phaseAt } from './lifecycle.js';
import { type TaskRecord } from './task-record.js';
import { type WorkFinder, type WorkRecord } from './work-record.js';

/** Finished tasks are let go from memory when this many are known; the journal drops them at its next compaction. */
const MEMORY_TASKS = KEEP_TASKS * 10;
const LISTED = 100;

/** All tasks of one upstream, in memory and in the journal. */
export class TaskStore<T extends WorkRecord = TaskRecord> implements WorkFinder {
  private readonly tasks = new Map<string, T>();

  constructor(private readonly journal: Journal<T>) {}

  /** Takes what the journal held, without writing it again. */
  restore(tasks: readonly T[]): void {
    for (const task of tasks) this.tasks.set(task.id, task);
  }

  has(id: string): boolean {
    return this.tasks.has(id);
  }

  /** The task, unless it is unknown or was forgotten. */
  find(id: string, now: number): T | null {
    const task = this.tasks.get(id);
    return task !== undefined && isKnown(task, now) ? task : null;
  }

  /** The task as it is now in memory, forgotten or not: for what drives it. */
  current(id: string): T | null {
    return this.tasks.get(id) ?? null;
  }

  /** Adds a task or replaces it; resolves when it is in the journal. */
  async save(task: T): Promise<void> {
    this.tasks.set(task.id, task);
    if (this.tasks.size > MEMORY_TASKS) this.letGo();
    await this.journal.append(task);
  }

  /** The newest tasks first, at most 100, as the upstreams' own list gives them. */
  newest(now: number): T[] {
    const found: T[] = [];
    const all = [...this.tasks.values()];
    for (let at = all.length - 1; at >= 0 && found.length < LISTED; at -= 1) {
      const task = all[at];
      if (task !== undefined && isKnown(task, now)) found.push(task);
    }
    return found;
  }

  /** Unfinished tasks, oldest first; windows are not among them. */
  unfinished(now: number): T[] {
    return this.where(now, (task) => {
      const { status } = phaseAt(task, now);
      return status !== 'MODAL' && !isTerminal(status);
    });
  }

  /** The newest task that a condition holds for. */
  latest(now: number, matches: (task: T) => boolean): T | null {
    return this.where(now, matches).at(-1) ?? null;
  }

  all(): T[] {
    return [...this.tasks.values()];
  }

  private where(now: number, matches: (task: T) => boolean): T[] {
    return this.all().filter((task) => isKnown(task, now) && matches(task));
  }

  private letGo(): void {
    const now = Date.now();
    for (const [id, task] of this.tasks) {
      if (this.tasks.size <= MEMORY_TASKS * 0.9) return;
      if (isTerminal(phaseAt(task, now).status)) this.tasks.delete(id);
    }
  }
}
