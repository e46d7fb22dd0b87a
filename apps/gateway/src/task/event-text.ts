import { DatabaseUnavailableError } from '#libs/database';
import type { PublicTask, TaskViews } from '#libs/tracking';
import { errorBody, type MjError } from '../http/errors/mj-error.js';

/** Time between two comments that keep a stream alive, ms: proxies close connections that are idle for longer. */
export const HEARTBEAT_MS = 15_000;
/** How soon a client that lost the stream comes back, ms. */
const RETRY_MS = 3_000;

/** What a stream begins with. */
export const RETRY_EVENT = `retry: ${RETRY_MS}\n\n`;
/** Says nothing, and keeps the connection alive. */
export const HEARTBEAT_EVENT = ': \n\n';

/** A task as an event, whose `data` is the fetch object. @param id of the event */
export function taskEvent(id: string, task: PublicTask, views: TaskViews, linkBase: string): string {
  return `id: ${id}\ndata: ${JSON.stringify(views.of(task, linkBase))}\n\n`;
}

/** The event that ends the stream of a client that may not watch any more: its data is the body of that error. */
export function errorEvent({ code }: MjError): string {
  return `event: error\ndata: ${JSON.stringify(errorBody(code))}\n\n`;
}

/** What was read; null while the database is away, which ends no stream. */
export async function readOrNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return null;
    throw error;
  }
}
