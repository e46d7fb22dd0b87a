import type { PublicTask, TaskViews, TaskWatch } from '#libs/tracking';
import { isTerminal } from '#libs/wire';
import type { MjError } from '../http/errors/mj-error.js';
import { errorEvent, HEARTBEAT_EVENT, HEARTBEAT_MS, readOrNull, RETRY_EVENT, taskEvent } from './event-text.js';

export interface StreamSource {
  /** The task as it stands when the stream begins. */
  task: PublicTask;
  /** The version that the client has already (Last-Event-ID); null: none. */
  lastVersion: number | null;
  linkBase: string;
  /** Reads the task anew. */
  find: () => Promise<PublicTask>;
  watch: TaskWatch;
  views: TaskViews;
  /** Aborted when the client is gone, or may not watch any more. */
  signal: AbortSignal;
  /** Why it may not; null: it may. */
  refusal: () => MjError | null;
}

/**
 * A task as server-sent events: each `data` is the fetch object, each `id` its version; ends after the terminal one, or
 * when shutdown begins. Each event is made when the client is ready to read it: a slow client skips versions, and nothing
 * queues up. While the database is away the stream stays open. A client whose key was revoked gets an event `error`, whose data
 * is the body of that error.
 */
export async function* taskStream(source: StreamSource): AsyncGenerator<string, void, void> {
  const { find, watch, views, signal, linkBase } = source;
  let { task, lastVersion } = source;
  yield RETRY_EVENT;
  for (;;) {
    if (task.version !== lastVersion) {
      lastVersion = task.version;
      yield taskEvent(String(task.version), task, views, linkBase);
    }
    if (isTerminal(task.status)) return;
    const { id, version } = task;
    const isChanged = await watch.wait({ id, version, for: 'change', ms: HEARTBEAT_MS, signal });
    const refusal = source.refusal();
    if (refusal !== null) yield errorEvent(refusal);
    if (signal.aborted || watch.isClosed) return;
    const fresh = isChanged ? await readOrNull(find) : null;
    if (fresh === null) yield HEARTBEAT_EVENT;
    else task = fresh;
  }
}

/** The version of a Last-Event-ID; null for what is none. */
export function readLastEventId(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header.trim()) ? Number(header) : null;
}
