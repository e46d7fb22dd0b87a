import { Injectable, Logger } from '@nestjs/common';
import { monotonicMs } from '#libs/runtime';
import {
  isOperatorFault,
  UpstreamAdapter,
  UpstreamCallError,
  UpstreamCapabilities,
  UpstreamCache,
  type Snapshot,
  type UpstreamTarget,
} from '#libs/upstream';
import { BatchReader, type BatchAnswer } from './batch-reader.js';
import type { Change } from '../task/change.js';
import { protocolWarningsOf, ProtocolWarnings } from './protocol-warnings.js';
import { pauseAfterFailures } from '../task/poll-pace.js';
import { correlationIdOf } from '../task/correlation-id.js';
import { TaskSaver } from '../store/task-saver.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { FollowTerms } from '../follow-terms.js';

/**
 * Margin of a claim's lease beyond two polls (one for the batch, one for the tasks it left out), ms: tasks of a claim
 * that ends earlier are polled twice.
 */
const LEASE_MARGIN_MS = 10_000;
/**
 * Most lost tasks of one batch that are fetched singly, all at once; further ones are fetched after their next poll.
 */
const MAX_SINGLES = 8;
/** Most batches of one upstream in flight on this replica, so that a slow upstream never holds up another one. */
const BATCHES_PER_UPSTREAM = 4;
/**
 * Delay until tasks whose upstream did not answer are due again, ms; the circuit breaker decides whether the upstream
 * is called then.
 */
const RETRY_MS = 1_000;

/** Longest Retry-After that is honoured for polls, ms: the tasks of the upstream have to be followed. */
const LONGEST_SILENCE_MS = 60_000;

/** Consecutive refusals of an upstream to be read. */
interface Refusals {
  count: number;
  pausedUntil: number;
}

/** Brings tasks up to date with their upstream: claim, fetch, decide, save. */
@Injectable()
export class TaskSync {
  private readonly log = new Logger(TaskSync.name);
  private readonly refusals = new Map<string, Refusals>();
  private readonly warnings = new ProtocolWarnings((line) => this.log.warn(line));
  private readonly reader: BatchReader;

  constructor(
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly capabilities: UpstreamCapabilities,
    private readonly terms: FollowTerms,
  ) {
    this.reader = new BatchReader(adapter, upstreams, capabilities, (up) => this.warnings.note(up, ['unreadable']));
  }

  /** Whether this upstream is paused: its circuit is open, or it declined to be read. */
  isPaused(upstreamId: string): boolean {
    return !this.upstreams.mayCall(upstreamId) || (this.refusals.get(upstreamId)?.pausedUntil ?? 0) > monotonicMs();
  }

  /**
   * Most concurrent batches of an upstream; one where each task is a call of its own, because a batch is many calls
   * already.
   */
  mostBatches(upstreamId: string): number {
    return this.reader.readsSingly(upstreamId) ? 1 : BATCHES_PER_UPSTREAM;
  }

  /**
   * Syncs one batch of due tasks.
   * @param onFull called once a full batch is claimed: more tasks may be due
   * @returns how many tasks were claimed
   * @throws DatabaseUnavailableError
   */
  async syncDue(up: UpstreamTarget, onFull: () => void = () => undefined): Promise<number> {
    const leaseMs = 2 * up.pollTimeoutMs + LEASE_MARGIN_MS;
    const size = this.reader.sizeFor(up.id);
    const claimed = await this.tasks.claimDue(up.id, size, leaseMs);
    if (claimed.length === 0) return 0;
    if (claimed.length === size) onFull();
    let answer: BatchAnswer;
    try {
      answer = await this.reader.read(
        up,
        claimed.map(({ upstreamTaskId }) => upstreamTaskId ?? ''),
      );
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      await this.tasks.postpone(claimed, this.delayAfter(up, error));
      return claimed.length;
    }
    this.refusals.delete(up.id);
    const { snapshots, unanswered } = answer;
    const isAnswered = ({ upstreamTaskId }: Task): boolean => !unanswered.has(upstreamTaskId ?? '');
    const tasks = claimed.filter(isAnswered);
    if (tasks.length < claimed.length) {
      const others = claimed.filter((task) => !isAnswered(task));
      await this.tasks.postpone(others, RETRY_MS);
    }
    await this.recordEcho(up, tasks, snapshots);
    this.warnings.note(up, protocolWarningsOf(tasks, snapshots));
    const byId = new Map(snapshots.map((snapshot) => [snapshot.upstreamTaskId, snapshot]));
    const lost = tasks
      .filter((task) => !byId.has(task.upstreamTaskId ?? '') && this.isLost(task))
      .slice(0, MAX_SINGLES);
    const changes = tasks
      .filter((task) => !lost.includes(task))
      .map((task) => {
        const snapshot = byId.get(task.upstreamTaskId ?? '');
        return snapshot === undefined ? this.onAbsent(task) : this.onSnapshot(task, snapshot);
      });
    await this.saver.savePolled(changes.filter((change) => change !== null));
    // Fetched after the batch is saved, so that slow single calls hold up no other task.
    const singles = await Promise.all(lost.map((task) => this.askSingly(up, task)));
    await this.saver.savePolled(singles.filter((change) => change !== null));
    return claimed.length;
  }

  /**
   * Records whether the upstream echoes correlation ids; tasks of a group are skipped, because they share the id of
   * their first task.
   */
  private async recordEcho(up: UpstreamTarget, tasks: readonly Task[], snapshots: readonly Snapshot[]): Promise<void> {
    const states = new Map(snapshots.map(({ upstreamTaskId, state }) => [upstreamTaskId, state]));
    const shown = tasks
      .filter(({ batchId }) => batchId === null)
      .map((task) => ({ correlationId: correlationIdOf(task.id), state: states.get(task.upstreamTaskId ?? '') }));
    if (shown.some(({ correlationId, state }) => state === correlationId))
      await this.capabilities.record(up.id, { echoesState: true });
    else if (shown.some(({ state }) => state === null)) await this.capabilities.record(up.id, { echoesState: false });
  }

  private onSnapshot(task: Task, snapshot: Snapshot): Change | null {
    return task.on({ kind: 'snapshot', source: 'poller', snapshot, pace: this.terms.pace }, this.terms.now());
  }

  private onAbsent(task: Task): Change | null {
    return task.on({ kind: 'absent', source: 'poller', pace: this.terms.pace }, this.terms.now());
  }

  private isLost(task: Task): boolean {
    return this.absentFor(task) >= this.terms.options.missingAfterMs;
  }

  /** How long the answers have left the task out, ms. */
  private absentFor({ missingSince }: Task): number {
    if (missingSince === null) return 0;
    const setForwardMs = this.terms.forwardMs(this.terms.options.missingAfterMs);
    return this.terms.now().getTime() - missingSince.getTime() - setForwardMs;
  }

  /** Fetches a task that the answers left out for long enough: only this call may end the task as missing. */
  private async askSingly(up: UpstreamTarget, task: Task): Promise<Change | null> {
    const now = (): Date => this.terms.now();
    try {
      const snapshot = await this.adapter.fetch(up, task.upstreamTaskId ?? '');
      if (snapshot === null) return task.on({ kind: 'missing', source: 'poller' }, now());
      return snapshot.upstreamTaskId === task.upstreamTaskId ? this.onSnapshot(task, snapshot) : this.onAbsent(task);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      // An upstream that lists other tasks but never answers this call must not hold a task for ever.
      const gracePeriodMs = this.terms.options.missingAfterMs + this.terms.timeoutMs(task.mode);
      return this.absentFor(task) < gracePeriodMs
        ? this.onAbsent(task)
        : task.on({ kind: 'missing', source: 'poller' }, now());
    }
  }

  /** Back-off for a batch whose upstream did not answer or declined to be read, ms. */
  private delayAfter(up: UpstreamTarget, { fault, retryAfterMs }: UpstreamCallError): number {
    if (fault !== 'status_4xx' && !isOperatorFault(fault)) return RETRY_MS;
    // A refusal is an answer, so the circuit stays closed; this back-off keeps the upstream from being asked every
    // second.
    const count = (this.refusals.get(up.id)?.count ?? 0) + 1;
    const asked = Math.min(retryAfterMs ?? 0, LONGEST_SILENCE_MS);
    const pauseMs = Math.max(pauseAfterFailures(count), asked);
    this.refusals.set(up.id, { count, pausedUntil: monotonicMs() + pauseMs });
    this.log.warn(`upstream ${up.name} (${up.kind}) declines to be read; next try in ${pauseMs} ms`);
    return pauseMs;
  }
}
