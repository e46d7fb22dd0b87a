import { holdsPlace, isTerminal, phaseAt, waitsForPlace } from './lifecycle.js';
import { type TaskStore } from './task-store.js';
import { type TaskRecord } from './task-record.js';
import { type WorkRecord } from './work-record.js';

/** What became of a task that wants to run. `ahead` counts the tasks that wait before it. */
export type Placing =
  { readonly kind: 'running' } | { readonly kind: 'queued'; readonly ahead: number } | { readonly kind: 'full' };

export interface RunnerLimits {
  /** Tasks that run at once. */
  readonly concurrency: number;
  /** Tasks that may wait. */
  readonly queue: number;
}

/** A begun task is still NOT_START for this part of its run, at most 200 ms: what a worker needs to pick it up. */
const PICK_UP_PART = 0.03;
const PICK_UP_MS = 200;

/** Gives tasks their places, and wakes at each change of a running one. */
export class TaskRunner<T extends WorkRecord = TaskRecord> {
  private readonly running = new Set<string>();
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private waiting: string[] = [];
  private stopped = false;

  /** `changed` is called after each change that a running task makes by itself. */
  constructor(
    private readonly store: TaskStore<T>,
    private readonly limits: RunnerLimits,
    private readonly changed: (task: T) => void,
  ) {}

  /** Takes up the tasks of a store that was read from disk: those that ran go on, those that waited wait. */
  async resume(now: number): Promise<void> {
    for (const task of this.store.all()) {
      if (holdsPlace(task, now)) this.running.add(task.id);
      if (phaseAt(task, now).changesAt !== null) this.wakeAtChange(task, now);
      if (waitsForPlace(task)) this.waiting.push(task.id);
    }
    await this.fill(now);
  }

  /** Starts a task or lets it wait, and saves it; a full queue saves nothing. Resolves when the record is in the journal. */
  async place(task: T, now: number): Promise<Placing> {
    if (this.running.size < this.limits.concurrency && this.waiting.length === 0) {
      await this.begin(task, now);
      return { kind: 'running' };
    }
    const ahead = this.waiting.length;
    if (ahead >= this.limits.queue) return { kind: 'full' };
    this.waiting.push(task.id);
    await this.store.save(task);
    return { kind: 'queued', ahead };
  }

  /** Ends a task as cancelled and frees its place. */
  async cancel(task: T, now: number): Promise<T> {
    const cancelled: T = { ...task, cancelledAt: now };
    this.waiting = this.waiting.filter((id) => id !== task.id);
    await this.store.save(cancelled);
    this.release(task.id);
    await this.fill(now);
    this.changed(cancelled);
    return cancelled;
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private async begin(task: T, now: number): Promise<void> {
    const begun: T = { ...task, startTime: Math.round(now + Math.min(PICK_UP_MS, task.runMs * PICK_UP_PART)) };
    if (begun.faults.stall !== true) this.running.add(begun.id);
    const saved = this.store.save(begun);
    this.wakeAtChange(begun, now);
    await saved;
  }

  private async fill(now: number): Promise<void> {
    while (!this.stopped && this.running.size < this.limits.concurrency) {
      const id = this.waiting.shift();
      if (id === undefined) return;
      const task = this.store.current(id);
      if (task !== null && waitsForPlace(task)) await this.begin(task, now);
    }
  }

  private release(id: string): void {
    this.running.delete(id);
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
  }

  /** Without a hook nobody sees the steps: the timer goes straight to the end. */
  private wakeAtChange(task: T, now: number): void {
    if (this.stopped) return;
    const next = phaseAt(task, now).changesAt;
    const end = (task.startTime ?? now) + task.runMs;
    // A task that takes no time is over before it is looked at, and has no next change.
    const at = task.faults.stall === true ? next : task.notifyHook === null ? end : (next ?? end);
    if (at === null) return;
    const timer = setTimeout(() => this.wake(task.id), Math.max(0, at - now) + 1);
    this.timers.set(task.id, timer);
  }

  private wake(id: string): void {
    const task = this.store.current(id);
    if (task === null) return this.release(id);
    const now = Date.now();
    const { status } = phaseAt(task, now);
    if (status !== 'NOT_START') this.changed(task);
    if (!isTerminal(status)) return this.wakeAtChange(task, now);
    this.release(id);
    // What cannot be journalled begins again at the next start.
    this.fill(now).catch(() => undefined);
  }
}
