import { DatabaseUnavailableError } from '#libs/database';
import type { PublicTask, TaskViews, TaskWatch } from '#libs/tracking';
import { isTerminal } from '#libs/wire';
import { errorBody, type MjError } from '../http/errors/mj-error.js';

/** Time between two comments that keep the stream alive, ms: proxies close connections that are idle for longer. */
const HEARTBEAT_MS = 15_000;
/** How soon a client that lost the stream comes back, ms. */
const RETRY_MS = 3_000;

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
  yield `retry: ${RETRY_MS}\n\n`;
  for (;;) {
    if (task.version !== lastVersion) {
      lastVersion = task.version;
      yield `id: ${task.version}\ndata: ${JSON.stringify(views.of(task, linkBase))}\n\n`;
    }
    if (isTerminal(task.status)) return;
    const { id, version } = task;
    const isChanged = await watch.wait({ id, version, for: 'change', ms: HEARTBEAT_MS, signal });
    const refusal = source.refusal();
    if (refusal !== null) yield `event: error\ndata: ${JSON.stringify(errorBody(refusal.code))}\n\n`;
    if (signal.aborted || watch.isClosed) return;
    const fresh = isChanged ? await orNull(find) : null;
    if (fresh === null) yield ': \n\n';
    else task = fresh;
  }
}

async function orNull(find: () => Promise<PublicTask>): Promise<PublicTask | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) return null;
    throw error;
  }
}

/** The version of a Last-Event-ID; null for what is none. */
export function readLastEventId(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header.trim()) ? Number(header) : null;
}
