import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database';
import { UpstreamCache, type Outcome, type SubmitCommand } from '#libs/upstream';
import type { NewTask } from '../task/new-task.js';
import type { Opened } from '../store/open-verdict.js';
import { TaskOpener } from './open/task-opener.js';
import { TaskSaver } from '../store/task-saver.js';
import { TaskSender } from './send/task-sender.js';
import type { Task } from '../task/task.entity.js';

/** A button press that makes several tasks. */
export interface GroupRequest {
  /** The tasks to open, all of one key and for one upstream. */
  newTasks: readonly [NewTask, ...NewTask[]];
  command: SubmitCommand;
  answerOf: (outcome: Outcome, accepted: readonly Task[]) => object | null;
  /** Trace context of the client, passed on to the upstream. */
  traceparent?: string;
}

export type GroupSubmission =
  | { kind: 'sent'; outcome: Outcome; accepted: Task[] }
  /** The upstream of the parent cannot do the work. */
  | { kind: 'no_candidate' }
  | Exclude<Opened, { kind: 'opened' } | { kind: 'waiting' }>;

/** Submits of several tasks at once: all of them get price and slot, or none is sent. Such tasks never wait. */
@Injectable()
export class GroupSubmissions {
  constructor(
    private readonly upstreams: UpstreamCache,
    private readonly opener: TaskOpener,
    private readonly sender: TaskSender,
    private readonly saver: TaskSaver,
    private readonly database: Database,
  ) {}

  /** @throws DatabaseUnavailableError before anything was sent */
  async submit({ newTasks, command, answerOf, traceparent }: GroupRequest): Promise<GroupSubmission> {
    const up = this.upstreams.find(newTasks[0].upstreamId ?? '');
    if (up !== null && this.upstreams.unsupported(up, { ...newTasks[0], command }) !== null)
      return { kind: 'no_candidate' };
    // One press made all tasks, so none of them can be retried alone.
    const [firstTask, ...others] = newTasks.map((newTask) => ({ ...newTask, retries: 0 })) as [NewTask, ...NewTask[]];
    const first = await this.open(firstTask);
    if (first.kind !== 'opened') return first.kind === 'waiting' ? { kind: 'full' } : first;
    const tasks: [Task, ...Task[]] = [first.task];
    for (const newTask of others) {
      const opened = await this.open({ ...newTask, batchId: first.task.id });
      if (opened.kind === 'opened') tasks.push(opened.task);
      else {
        await this.giveUp(tasks);
        return opened.kind === 'waiting' ? { kind: 'full' } : opened;
      }
    }
    return { kind: 'sent', ...(await this.sender.sendGroup(tasks, command, answerOf, traceparent)) };
  }

  private open(newTask: NewTask): Promise<Opened> {
    const id = newTask.upstreamId ?? '';
    const isUsable = this.upstreams.isUsable(id);
    return this.opener.open({
      newTask,
      candidates: isUsable ? [{ id, priority: 0, weight: 1 }] : [],
      mayWait: false,
      sendTimeoutMs: this.upstreams.longestSubmitMs([{ id }]),
      input: () => Buffer.alloc(0),
      inputBytes: 0,
    });
  }

  /** Ends the opened tasks as refused and releases credits and slots; nothing was sent. */
  private async giveUp(tasks: readonly Task[]): Promise<void> {
    const changes = tasks.map((task) =>
      task.on({ kind: 'given_up', source: 'sender', outcome: { kind: 'full' } }, this.database.now()),
    );
    await this.saver.save(changes.filter((change) => change !== null));
  }
}
