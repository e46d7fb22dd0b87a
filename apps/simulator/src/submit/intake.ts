import { type TaskRunner } from '../tasks/task-runner.js';
import { type TaskRecord } from '../tasks/task-record.js';
import { type TaskStore } from '../tasks/task-store.js';
import { viewOf } from '../tasks/task-view.js';
import { accepted, exists, queued, queueFull, type Reply, windowOpened } from '../wire/replies.js';
import { type Common, type Draft, newTask, type SubmitContext } from './task-draft.js';

/** Takes tasks in: into the journal, into a place or the queue, and answers as the wire does. */
export class Intake {
  constructor(
    private readonly store: TaskStore<TaskRecord>,
    private readonly runner: TaskRunner<TaskRecord>,
    /** How long an imagine runs, ms. */
    readonly runMs: number,
    private readonly base: () => string,
  ) {}

  /** Makes a task of a draft and lets it run, wait, or stand in its window. */
  async take(draft: Draft, common: Common, context: SubmitContext): Promise<Reply> {
    const task = newTask(draft, common, context, this.runMs, (id) => this.store.has(id));
    if (context.faults.has('duplicate')) {
      const earlier = this.store.latest(context.now, (other) => isSameWork(other, task));
      if (earlier !== null) {
        const view = viewOf(earlier, context.now, this.base());
        return exists(earlier.id, view.status, typeof view.imageUrl === 'string' ? view.imageUrl : null);
      }
    }
    if (task.window !== null) {
      await this.store.save(task);
      return windowOpened(task.id, task.window.finalPrompt);
    }
    return this.run(task, context.now);
  }

  /** Lets a task run that is complete, new or out of its window. */
  async run(task: TaskRecord, now: number): Promise<Reply> {
    const placing = await this.runner.place(task, now);
    switch (placing.kind) {
      case 'running':
        return accepted(task.id);
      case 'queued':
        return queued(task.id, placing.ahead);
      case 'full':
        return queueFull();
    }
  }
}

const isSameWork = (one: TaskRecord, other: TaskRecord): boolean =>
  one.action === other.action &&
  one.parentId === other.parentId &&
  one.customId === other.customId &&
  one.promptEn === other.promptEn &&
  one.cancelledAt === null;
