import { Injectable } from '@nestjs/common';
import { TaskRepository, toTaskView } from '#libs/tracking';
import { parseTaskId, type TaskView } from '#libs/wire';
import { MjError } from '../http/mj-error.js';

const MAX_IDS = 10_000;

/** Reads of one's own tasks. */
@Injectable()
export class TaskService {
  constructor(private readonly tasks: TaskRepository) {}

  /** @throws MjError `task_no_found` for an unknown id and for another key's alike */
  async fetch(id: string, apiKeyId: string, linkBase: string): Promise<TaskView> {
    const known = parseTaskId(id);
    const task = known === null ? null : await this.tasks.find(known, apiKeyId);
    if (task === null) throw new MjError('task_no_found');
    return toTaskView(task, linkBase);
  }

  /** In the order asked, each once; unknown ids are left out. @throws MjError `too_many_ids`, or for a value that is no id */
  async list(ids: readonly unknown[], apiKeyId: string, linkBase: string): Promise<TaskView[]> {
    if (ids.length > MAX_IDS) throw new MjError('too_many_ids', { properties: { field: 'ids' } });
    if (ids.some((id) => typeof id !== 'string' && typeof id !== 'number')) {
      throw new MjError('bind_request_body_failed', { properties: { field: 'ids' } });
    }
    const wanted = [...new Set(ids.map(parseTaskId).filter((id) => id !== null))];
    if (wanted.length === 0) return [];
    const found = new Map((await this.tasks.findMany(wanted, apiKeyId)).map((task) => [task.id, task]));
    const tasks = wanted.map((id) => found.get(id)).filter((task) => task !== undefined);
    return tasks.map((task) => toTaskView(task, linkBase));
  }
}
