import { Injectable } from '@nestjs/common';
import { HookDispatcher, hostOf, shownHook } from '#libs/hooks';
import { isTerminal } from '#libs/wire';
import { TaskViews } from '../task/task-view.js';
import type { Task } from '../task/task.entity.js';

/** Tells the end of work that a client asked for again to the hook that it named this time. */
@Injectable()
export class DuplicateSubmitNotifier {
  constructor(
    private readonly hooks: HookDispatcher,
    private readonly views: TaskViews,
  ) {}

  /** Once per receiver, and only when the task has ended: a running one tells its own hook. @throws DatabaseUnavailableError */
  async notify(task: Task, hook: string | null): Promise<void> {
    if (hook === null || !isTerminal(task.status)) return;
    // A login is sealed anew each time.
    if (task.notifyHook !== null && shownHook(hook) === shownHook(task.notifyHook)) return;
    await this.hooks.redirect({
      taskId: task.id,
      apiKeyId: task.apiKeyId,
      url: hook,
      host: hostOf(hook),
      seq: task.version,
      payload: JSON.stringify(this.views.of(task, task.baseUrl)),
    });
  }
}
