import { readSpelledId } from '../port/spelled-id.js';
import { readWindowId } from './window-id.js';

/** What an id of a task on this kind of upstream stands for: a task of the vendor, or one picture of it. */
export interface TaskPart {
  taskId: string;
  /** Number of the picture, from 1; null: the whole task. */
  picture: number | null;
}

/** Reads an id of a task. Total: an id that spells nothing more is the vendor's. */
export function taskPartOf(upstreamTaskId: string): TaskPart {
  const { jobId, picture } = readSpelledId(upstreamTaskId);
  return { taskId: readWindowId(jobId).windowId, picture };
}
