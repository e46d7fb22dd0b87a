import { Injectable, OnModuleDestroy } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { isTerminal } from '#libs/wire';
import { TaskRepository } from '../store/task.repository.js';
import type { TaskHead } from '../task/task-head.js';
import { WatcherQuota } from './watcher-quota.js';

const TICK_MS = 1_000;

/** What somebody waits for, at most `ms`. */
export interface Wait {
  id: string;
  /** The version that is known already. */
  version: number;
  /** Any later version, or one that the gateway itself will not take further: the task ended, or a window waits. */
  for: 'change' | 'end';
  ms: number;
  /** Aborted when the client is gone. */
  signal: AbortSignal;
}

interface Waiter {
  version: number;
  for: Wait['for'];
  end: (happened: boolean) => void;
}

/**
 * Lets requests wait for tasks. All that are watched on this replica cost one statement a second, none when nothing is
 * watched; what this replica saves is told at once. Watching never changes a task.
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

  /** True from the moment shutdown begins: no wait is begun any more. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** How many tasks are watched here. */
  get size(): number {
    return this.waiters.size;
  }

  /** How many requests wait or stream here. */
  get permitsTaken(): number {
    return this.quota.size;
  }

  /** A place among the 100 waits and streams that one key has on this replica, to be given back once; null: all are taken. */
  acquirePermit(apiKeyId: string): (() => void) | null {
    return this.quota.acquire(apiKeyId);
  }

  /** True when what is waited for happened; false when the time was up, the client left, or shutdown began. */
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

  /** Tells those who wait for it how a task stands now. */
  notify({ id, version, status }: TaskHead): void {
    for (const waiter of [...(this.waiters.get(id) ?? [])]) {
      const isDue = waiter.for === 'change' || isTerminal(status) || status === 'MODAL';
      if (version > waiter.version && isDue) waiter.end(true);
    }
  }

  /** Calls `leave` once when shutdown begins, unless what is given back was called before. */
  onClosing(leave: () => void): () => void {
    this.closingListeners.add(leave);
    return () => this.closingListeners.delete(leave);
  }

  /** Looks at everything that is watched, in one statement; in none where nothing is. @throws DatabaseUnavailableError */
  async readWatched(): Promise<void> {
    if (this.waiters.size === 0) return;
    for (const head of await this.tasks.heads([...this.waiters.keys()])) this.notify(head);
  }

  /** Ends every wait at once, so that clients come back to another replica. */
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
