import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { isTerminal } from '#libs/wire';
import { TaskRepository } from '../store/task.repository.js';
import type { TaskHead } from '../task/task-head.js';
import { WatcherQuota } from './watcher-quota.js';

const TICK_MS = 1_000;

/** A wait of a request for a change of a task, for at most `ms`. */
export interface Wait {
  id: string;
  /** Version that the request knows already. */
  version: number;
  /** `change`: any later version; `end`: a version at which the task ended or waits as a modal for its client. */
  for: 'change' | 'end';
  ms: number;
  /** Aborted when the client has disconnected. */
  signal: AbortSignal;
}

/** Many tasks that one request follows. */
export interface Follow {
  /** Follows a task from this version on, until its next change is told. */
  add: (id: string, version: number) => void;
  /** Follows a task no more. */
  drop: (id: string) => void;
  /** Follows nothing any more. */
  end: () => void;
}

interface Waiter {
  version: number;
  for: Wait['for'];
  end: (happened: boolean) => void;
}

/**
 * Lets requests wait for changes of tasks. All watched tasks of this replica are read by one statement a second, by
 * none when nothing is watched; changes that this replica saves are announced at once. Watching never changes a task.
 */
@Injectable()
export class TaskWatch implements OnModuleDestroy {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly closingListeners = new Set<() => void>();
  private readonly quota = new WatcherQuota();
  private closed = false;

  constructor(
    scheduler: JobScheduler,
    private readonly tasks: TaskRepository,
  ) {
    scheduler.add({ name: TaskWatch.name, everyMs: TICK_MS, work: () => this.readWatched() });
    tasks.onSaved((task) => this.notify(task));
  }

  /** Whether shutdown has begun: no new wait starts then. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Number of tasks watched on this replica. */
  get size(): number {
    return this.waiters.size;
  }

  /** Number of requests that wait or stream on this replica. */
  get permitsTaken(): number {
    return this.quota.size;
  }

  /**
   * Takes one of the 100 permits for waits and streams of a key on this replica.
   * @returns the function that releases the permit; null if all are taken
   */
  acquirePermit(apiKeyId: string): (() => void) | null {
    return this.quota.acquire(apiKeyId);
  }

  /** Waits. @returns whether the change happened; false on timeout, disconnect or shutdown */
  wait({ id, version, for: what, ms, signal }: Wait): Promise<boolean> {
    if (this.isClosed || signal.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const end = (happened: boolean): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        this.remove(id, waiter);
        resolve(happened);
      };
      const waiter: Waiter = { version, for: what, end };
      const leave = (): void => end(false);
      const timer = setTimeout(leave, ms);
      signal.addEventListener('abort', leave);
      this.add(id, waiter);
    });
  }

  /**
   * Follows many tasks for one request, with neither a timer nor a promise for each: `onChange` is called once for each task
   * that was added, when it has a later version.
   */
  follow(onChange: (id: string) => void): Follow {
    const followed = new Map<string, Waiter>();
    const drop = (id: string): void => {
      const waiter = followed.get(id);
      if (waiter !== undefined) this.remove(id, waiter);
      followed.delete(id);
    };
    return {
      add: (id, version) => {
        drop(id);
        if (this.isClosed) return;
        const waiter: Waiter = {
          version,
          for: 'change',
          end: (happened) => {
            drop(id);
            if (happened) onChange(id);
          },
        };
        followed.set(id, waiter);
        this.add(id, waiter);
      },
      drop,
      end: () => {
        for (const id of [...followed.keys()]) drop(id);
      },
    };
  }

  /** Wakes the waiters of a task that its new version satisfies. */
  notify({ id, version, status }: TaskHead): void {
    for (const waiter of [...(this.waiters.get(id) ?? [])]) {
      const isDue = waiter.for === 'change' || isTerminal(status) || status === 'MODAL';
      if (version > waiter.version && isDue) waiter.end(true);
    }
  }

  /** Calls `leave` once when shutdown begins. @returns a function that removes the listener */
  onClosing(leave: () => void): () => void {
    this.closingListeners.add(leave);
    return () => this.closingListeners.delete(leave);
  }

  /**
   * Reads all watched tasks in one statement, none if nothing is watched, and wakes their waiters.
   * @throws DatabaseUnavailableError
   */
  async readWatched(): Promise<void> {
    if (this.waiters.size === 0) return;
    for (const head of await this.tasks.heads([...this.waiters.keys()])) this.notify(head);
  }

  /** Ends every wait at once, so that clients reconnect to another replica. */
  onModuleDestroy(): void {
    this.closed = true;
    for (const waiters of [...this.waiters.values()]) for (const waiter of [...waiters]) waiter.end(false);
    for (const leave of [...this.closingListeners]) leave();
    this.closingListeners.clear();
  }

  private add(id: string, waiter: Waiter): void {
    const waiters = this.waiters.get(id) ?? new Set();
    this.waiters.set(id, waiters.add(waiter));
  }

  private remove(id: string, waiter: Waiter): void {
    const waiters = this.waiters.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.waiters.delete(id);
  }
}
