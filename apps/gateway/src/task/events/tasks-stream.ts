import type { PublicTask, TaskViews, TaskWatch } from '#libs/tracking';
import { monotonicMs, PermitRefusedError } from '#libs/runtime';
import type { MjError } from '../../http/errors/mj-error.js';
import { errorEvent, HEARTBEAT_EVENT, HEARTBEAT_MS, readOrNull, RETRY_EVENT, taskEvent } from '../event-text.js';
import { TaskChanges } from './task-changes.js';

/** Between two reads of places in the queue, and between two looks for tasks that others opened, ms. */
const PLACES_MS = 5_000;
const NEWCOMERS_MS = 2_000;
/** Most tasks of one read, and the pause between two reads, ms: a stream asks the database twice a second at most. */
const TURN_TASKS = 200;
const TURN_MS = 500;

export interface TasksSource {
  /** Ids to follow from the beginning. */
  first: readonly string[];
  /** Looks for more to follow; null: there are no others, and the stream ends with them. */
  newcomers: (() => Promise<string[]>) | null;
  linkBase: string;
  /** Reads some of these tasks in their order, in one statement; `taken` tells how many ids it covered. */
  read: (ids: readonly string[]) => Promise<{ tasks: PublicTask[]; taken: number }>;
  watch: TaskWatch;
  views: TaskViews;
  signal: AbortSignal;
  /** Why the key may not watch any more; null: it may. */
  refusal: () => MjError | null;
}

/**
 * Many tasks as server-sent events: each `data` is the fetch object, each `id` is `<taskId>-<version>`. The newest state of
 * each is sent first. Each event is made when the client is ready to read it: a slow client skips versions, and what has
 * changed is kept as ids. While the database is away the stream stays open.
 */
export async function* tasksStream(source: TasksSource): AsyncGenerator<string, void, void> {
  const { watch, signal, newcomers, views, linkBase } = source;
  const changes = new TaskChanges(watch, signal);
  const release = watch.onClosing(() => changes.interrupt());
  try {
    yield RETRY_EVENT;
    changes.restore(source.first);
    const began = monotonicMs();
    const due = { places: began + PLACES_MS, newcomers: began + NEWCOMERS_MS, heartbeat: began + HEARTBEAT_MS };
    for (;;) {
      const turn = monotonicMs();
      if (newcomers !== null && turn >= due.newcomers) {
        due.newcomers = turn + NEWCOMERS_MS;
        const found = (await orNull(newcomers)) ?? [];
        changes.restore(found.filter((id) => !changes.knows(id)));
      }
      if (turn >= due.places) {
        due.places = turn + PLACES_MS;
        changes.restore(changes.waiting);
      }
      for (const task of await changedTasks(changes, source)) {
        if (!changes.note(task)) continue;
        yield taskEvent(`${task.id}-${task.version}`, task, views, linkBase);
        due.heartbeat = monotonicMs() + HEARTBEAT_MS;
        if (signal.aborted) break;
      }
      const refusal = source.refusal();
      if (refusal !== null) yield errorEvent(refusal);
      if (signal.aborted || watch.isClosed) return;
      if (newcomers === null && changes.size === 0 && !changes.hasMore) return yield 'event: end\ndata: {}\n\n';
      if (monotonicMs() >= due.heartbeat) {
        due.heartbeat = monotonicMs() + HEARTBEAT_MS;
        yield HEARTBEAT_EVENT;
      }
      const next = Math.min(due.places, newcomers === null ? Infinity : due.newcomers, due.heartbeat);
      await changes.wait(next - monotonicMs());
      await changes.pause(turn + TURN_MS - monotonicMs());
    }
  } finally {
    release();
    changes.end();
  }
}

/** The tasks that have changed, in one read; what it did not cover, or what could not be read, has its turn later. */
async function changedTasks(changes: TaskChanges, { read, signal }: TasksSource): Promise<PublicTask[]> {
  const wanted = changes.take(TURN_TASKS);
  if (wanted.length === 0 || signal.aborted) return [];
  const piece = await orNull(() => read(wanted));
  if (piece === null) {
    changes.restore(wanted);
    return [];
  }
  changes.restore(wanted.slice(piece.taken));
  const found = new Set(piece.tasks.map(({ id }) => id));
  for (const id of wanted.slice(0, piece.taken)) if (!found.has(id)) changes.forget(id);
  return piece.tasks;
}

/** Null also while the key's reads wait too long for their turn. */
async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await readOrNull(read);
  } catch (error) {
    if (error instanceof PermitRefusedError) return null;
    throw error;
  }
}
