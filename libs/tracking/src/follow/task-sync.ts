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

/** Of a claim, besides two polls (one for the batch, one for what it left out): a claim that ends earlier is polled twice. */
const LEASE_MARGIN_MS = 10_000;
/** Lost tasks of one batch that are asked for singly, all at once; the others have their turn at their next poll. */
const MAX_SINGLES = 8;
/** Batches of one upstream in flight here: a slow upstream holds no more than these, and never another upstream. */
const BATCHES_PER_UPSTREAM = 4;
/** When tasks are due again whose upstream did not answer. Whether it is asked at all then its circuit says. */
const RETRY_MS = 1_000;

/** Longest time that an upstream may ask not to be read (Retry-After): its tasks are to be followed. */
const LONGEST_SILENCE_MS = 60_000;

/** How often in a row an upstream declined to be read. */
interface Refusals {
  count: number;
  pausedUntil: number;
}

/** Brings tasks up to date with their upstream: claim, ask, decide, save. */
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

  /** Whether this upstream is left alone for now: its circuit is open, or it declined to be read. */
  isPaused(upstreamId: string): boolean {
    return !this.upstreams.mayCall(upstreamId) || (this.refusals.get(upstreamId)?.pausedUntil ?? 0) > monotonicMs();
  }

  /** Most batches of an upstream that are read at once; those of single calls are many calls already. */
  mostBatches(upstreamId: string): number {
    return this.reader.readsSingly(upstreamId) ? 1 : BATCHES_PER_UPSTREAM;
  }

  /**
   * Syncs one batch of due tasks; gives how many there were.
   * @param onFull told once the batch is claimed, if it is a full one: more may be due
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
    // Only now, so that slow single answers hold none of the others up.
    const singles = await Promise.all(lost.map((task) => this.askSingly(up, task)));
    await this.saver.savePolled(singles.filter((change) => change !== null));
    return claimed.length;
  }

  /** Whether tasks there show the mark they were sent with; those of a group have marks of their own. */
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

  /** How long the answers have left it out, ms. */
  private absentFor({ missingSince }: Task): number {
    if (missingSince === null) return 0;
    const setForwardMs = this.terms.forwardMs(this.terms.options.missingAfterMs);
    return this.terms.now().getTime() - missingSince.getTime() - setForwardMs;
  }

  /** Left out of the answers for long enough, it is asked for singly: only that may end it. */
  private async askSingly(up: UpstreamTarget, task: Task): Promise<Change | null> {
    const now = (): Date => this.terms.now();
    try {
      const snapshot = await this.adapter.fetch(up, task.upstreamTaskId ?? '');
      if (snapshot === null) return task.on({ kind: 'missing', source: 'poller' }, now());
      return snapshot.upstreamTaskId === task.upstreamTaskId ? this.onSnapshot(task, snapshot) : this.onAbsent(task);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      // An upstream that lists others but never answers this question must not hold a task for ever.
      const gracePeriodMs = this.terms.options.missingAfterMs + this.terms.timeoutMs(task.mode);
      return this.absentFor(task) < gracePeriodMs
        ? this.onAbsent(task)
        : task.on({ kind: 'missing', source: 'poller' }, now());
    }
  }

  /** How long a batch whose upstream did not answer, or declined to, is left alone, ms. */
  private delayAfter(up: UpstreamTarget, { fault, retryAfterMs }: UpstreamCallError): number {
    if (fault !== 'status_4xx' && !isOperatorFault(fault)) return RETRY_MS;
    // An answer, so no matter for the circuit; but one that says no is not asked for twice a second.
    const count = (this.refusals.get(up.id)?.count ?? 0) + 1;
    const asked = Math.min(retryAfterMs ?? 0, LONGEST_SILENCE_MS);
    const pauseMs = Math.max(pauseAfterFailures(count), asked);
    this.refusals.set(up.id, { count, pausedUntil: monotonicMs() + pauseMs });
    this.log.warn(`upstream ${up.name} declines to be read; next try in ${pauseMs} ms`);
    return pauseMs;
  }
}
