import { snakeCase } from '#libs/database';
import type { Task } from './task.entity.js';

/** What clients are shown of a task is made of these, and no more is read for them: of 75 columns, 31. */
const SHOWN_FIELDS = [
  'id',
  'action',
  'mode',
  'botType',
  'status',
  'progress',
  'version',
  'prompt',
  'promptEn',
  'finalPrompt',
  'finalZhPrompt',
  'description',
  'state',
  'parentId',
  'customId',
  'failCode',
  'failReason',
  'price',
  'cost',
  'waiting',
  'submittedAt',
  'startedAt',
  'finishedAt',
  'buttons',
  'messageId',
  'messageHash',
  'imageUrl',
  'pictureCount',
  'videoCount',
  'seed',
] as const satisfies readonly (keyof Task)[];

/** A task as far as clients are shown it, with its place among those that wait. */
export type PublicTask = Pick<Task, (typeof SHOWN_FIELDS)[number] | 'queuePosition'>;

/**
 * These columns of the relation `t` under the names of the entity: the row that comes is a PublicTask but for its place in
 * the queue, and nothing is copied.
 */
export function publicColumns(t: string): string {
  return SHOWN_FIELDS.map((field) => `${t}.${snakeCase(field)} as "${field}"`).join(', ');
}
