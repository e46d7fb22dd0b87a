import { snakeCase } from '#libs/database';
import type { Task } from './task.entity.js';

/** The columns from which the public task object is made: 31 of 74. Reads for clients select no others. */
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
  'withheld',
  'videoCount',
  'seed',
] as const satisfies readonly (keyof Task)[];

/** The fields of a task that clients see, with the task's position in the queue. */
export type PublicTask = Pick<Task, (typeof SHOWN_FIELDS)[number] | 'queuePosition'>;

/**
 * SQL that selects the public columns of the relation `t` under the names of the entity: each row is a PublicTask
 * (without `queuePosition`) and needs no mapping.
 */
export function publicColumns(t: string): string {
  return SHOWN_FIELDS.map((field) => `${t}.${snakeCase(field)} as "${field}"`).join(', ');
}
