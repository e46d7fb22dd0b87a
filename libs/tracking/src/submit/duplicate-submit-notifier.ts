import { Injectable } from '@nestjs/common';
import { HookDispatcher, hostOf, shownHook } from '#libs/hooks';
import { isTerminal } from '#libs/wire';
import { TaskViews } from '../task/task-view.js';
import type { Task } from '../task/task.entity.js';

/** Notifies the hook of a repeated submit of the end of the task that already did the work. */
@Injectable()
export class DuplicateSubmitNotifier {
  constructor(
    private readonly hooks: HookDispatcher,
    private readonly views: TaskViews,
  ) {}

  /**
   * Enqueues the delivery once per receiver, and only after the task has ended: a running task still notifies its own
   * hook.
   * @throws DatabaseUnavailableError
   */
  async notify(task: Task, hook: string | null): Promise<void> {
    if (hook === null || !isTerminal(task.status)) return;
    // Credentials in a URL are encrypted with a new nonce each time, so URLs are compared without them.
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
