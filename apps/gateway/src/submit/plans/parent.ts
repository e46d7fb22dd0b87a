import { Injectable } from '@nestjs/common';
import type { ApiKey } from '#libs/access';
import { TaskRepository, type Task } from '#libs/tracking';
import { MjError } from '../../http/errors/mj-error.js';

/** Finds a task of the caller; null when there is none of that id. */
export type FindParent = (taskId: string) => Promise<Task | null>;

/** Finds tasks of the caller, for what builds on them. */
@Injectable()
export class ParentTasks {
  constructor(private readonly tasks: TaskRepository) {}

  of({ id }: Pick<ApiKey, 'id'>): FindParent {
    return async (taskId) => (/^\d{16}$/.test(taskId) ? this.tasks.find(taskId, id) : null);
  }
}

/** A task with a result, known to its upstream: what a follow-up builds on. */
export type FinishedTask = Task & { upstreamTaskId: string };

/** @throws MjError `task_id_is_required` */
export function requireTaskId(taskId: string | undefined): string {
  const text = taskId?.trim() ?? '';
  if (text === '') throw new MjError('task_id_is_required', { properties: { field: 'taskId' } });
  return text;
}

/** @throws MjError `task_not_found` or `task_status_not_success`, naming `field` */
export async function finishedParent(taskId: string, findParent: FindParent, field = 'taskId'): Promise<FinishedTask> {
  const parent = await findParent(taskId);
  if (parent === null) throw new MjError('task_not_found', { properties: { field } });
  if (parent.status !== 'SUCCESS') throw new MjError('task_status_not_success', { properties: { field } });
  // An upload is finished, but there is nothing at its upstream to go on from.
  if (!isKnownUpstream(parent)) throw new MjError('task_not_found', { properties: { field } });
  return parent;
}

function isKnownUpstream(task: Task): task is FinishedTask {
  return task.upstreamTaskId !== null;
}
