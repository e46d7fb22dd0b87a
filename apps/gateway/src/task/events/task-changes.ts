import type { Follow, PublicTask, TaskWatch } from '#libs/tracking';
import { isTerminal } from '#libs/wire';

/** Ended tasks that are remembered: more than one look for newcomers finds. */
const MOST_ENDED = 2_000;

/** The tasks of one stream: which have ended, which have changed since they were sent. */
export class TaskChanges {
  private readonly follow: Follow;
  /** Followed tasks as they were read last. */
  private readonly open = new Map<string, Pick<PublicTask, 'version' | 'queuePosition' | 'waiting'>>();
  /** Ended tasks that were told, the oldest first: a look for newcomers may find them once more. */
  private readonly ended = new Set<string>();
  private readonly changed = new Set<string>();
  /** End the wait under way: a change, and shutdown. */
  private wake: (() => void) | null = null;
  private stop: (() => void) | null = null;

  constructor(
    private readonly watch: Pick<TaskWatch, 'follow' | 'isClosed'>,
    private readonly signal: AbortSignal,
  ) {
    this.follow = watch.follow((id) => {
      this.changed.add(id);
      this.wake?.();
    });
  }

  /** Number of followed tasks that have not ended. */
  get size(): number {
    return this.open.size;
  }

  /** Ids of the followed tasks that wait for an upstream. */
  get waiting(): string[] {
    return [...this.open].filter(([, { waiting }]) => waiting).map(([id]) => id);
  }

  /** Whether tasks are still to be read. */
  get hasMore(): boolean {
    return this.changed.size > 0;
  }

  /** Whether a task is followed, or was told to have ended. */
  knows(id: string): boolean {
    return this.open.has(id) || this.ended.has(id);
  }

  /** Notes a task as it was read, and follows it unless it has ended. @returns whether it is not as it was */
  note({ id, version, status, queuePosition, waiting }: PublicTask): boolean {
    const before = this.open.get(id);
    if (isTerminal(status)) {
      this.forget(id);
      // A look at its place in the queue may have met its end before.
      if (this.ended.has(id)) return false;
      this.ended.add(id);
      const [oldest = ''] = this.ended;
      if (this.ended.size > MOST_ENDED) this.ended.delete(oldest);
      return true;
    }
    this.open.set(id, { version, queuePosition, waiting });
    this.follow.add(id, version);
    return before?.version !== version || before.queuePosition !== queuePosition;
  }

  /** Stops following a task that is not there any more. */
  forget(id: string): void {
    this.open.delete(id);
    this.changed.delete(id);
    this.follow.drop(id);
  }

  /** Takes the ids that have changed, at most so many. */
  take(most: number): string[] {
    const ids = [...this.changed].slice(0, most);
    for (const id of ids) this.changed.delete(id);
    return ids;
  }

  /** Puts ids back that could not be read. */
  restore(ids: readonly string[]): void {
    for (const id of ids) this.changed.add(id);
  }

  /** Waits for a change, for so many ms at most, or until the request ends. */
  wait(ms: number): Promise<void> {
    return this.changed.size > 0 ? Promise.resolve() : this.pause(ms, true);
  }

  /** Waits for so many ms, or until the request ends; with `orChange` until a change too. */
  pause(ms: number, orChange = false): Promise<void> {
    if (ms <= 0 || this.signal.aborted || this.watch.isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.signal.removeEventListener('abort', end);
        this.wake = null;
        this.stop = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.signal.addEventListener('abort', end);
      this.stop = end;
      this.wake = orChange ? end : null;
    });
  }

  /** Wakes a wait under way, because shutdown begins. */
  interrupt(): void {
    this.stop?.();
  }

  /** Follows nothing any more. */
  end(): void {
    this.follow.end();
    this.open.clear();
    this.changed.clear();
  }
}
