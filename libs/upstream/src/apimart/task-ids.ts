/** Ids of the vendor's own tasks: nobody but the gateway may see one. */
const TASK_ID = /task_[a-z0-9]+(?:[_-][a-z0-9]+)*/gi;
/** What stands in a customId for the id of the task that shows it, and for the id of any other task. */
const OWN = 'self';
const OTHER = 'other';
/** What stands there in a customId that the vendor did not give. Its work is asked for by the number of the picture. */
export const MADE = 'made';

/** A text of the vendor without ids of its tasks. */
export function withoutTaskIds(text: string): string {
  return text.replace(TASK_ID, '');
}

/** A customId of a task in which ids of the vendor's tasks are replaced by words that `customIdToSend` understands. */
export function customIdToShow(customId: string, taskId: string): string {
  return customId.replace(TASK_ID, (id) => (id === taskId ? OWN : OTHER));
}

/**
 * A customId as the vendor gave it; null where it named another task, whose id is gone, or is the gateway's own.
 * @param taskId of the task with the button
 */
export function customIdToSend(customId: string, taskId: string): string | null {
  const parts = customId.split('::');
  if (parts.includes(OTHER) || parts.includes(MADE)) return null;
  return parts.map((part) => (part === OWN ? taskId : part)).join('::');
}
