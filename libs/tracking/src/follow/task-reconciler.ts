import { Injectable } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { UpstreamCache, type RecentTasks, type Snapshot } from '#libs/upstream';
import { deniesTask, provesAbsence, sinceOf, type AcceptedSend } from '../task/rules/absence-proof.js';
import { matchSends } from '../task/rules/same-send.js';
import { CandidateCheck } from './candidate-check.js';
import type { Change } from '../task/change.js';
import { LOOK_UPS_DUE } from '../store/claims/claim-look-ups.js';
import type { TaskEvent } from '../task/event.js';
import { TaskSaver } from '../store/task-saver.js';
import { correlationIdOf } from '../task/correlation-id.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from '../store/due-task.repository.js';
import { FollowTerms } from '../follow-terms.js';
import { RecentLists } from './recent-lists.js';

const TICK_MS = 1_000;
const BATCH = 500;
const SINGLES_AT_ONCE = 8;
const LEASE_MS = 30_000;
const NEXT_LOOK_UP_MS = 5_000;
/** Delay after a failed call, ms: the list of a busy upstream may soon be too new to contain the send. */
const NEXT_TRY_MS = 1_000;
/** Delay with which an accepted send may appear in a list, ms. */
const LIST_DELAY_MS = 5_000;

const NONE: ReadonlyMap<string, Snapshot> = new Map();

/** Results of the look-up for one upstream. */
interface LookedUp {
  /** The upstream's newest tasks; null if no list was available. */
  recent: RecentTasks | null;
  /** Upstream ids that belong to tasks already; a listed task with the correlation id and such an id proves nothing. */
  taken: ReadonlyMap<string, 'now' | 'before'>;
  /**
   * Sends that the upstream is known to have accepted; null if the upstream does not echo correlation ids, so that its
   * list proves nothing.
   */
  accepted: readonly AcceptedSend[] | null;
  /** Jobs without correlation ids that are those of sends by their text and time, by task. */
  matched: ReadonlyMap<string, Snapshot>;
  /** Snapshots that the upstream confirmed for candidate ids of pushes, by task. */
  pushed: ReadonlyMap<string, Snapshot>;
  nextLookUp: Date;
}

/**
 * Reconciles submits with unknown outcome: looks for their correlation ids in the upstream's newest tasks, one call for
 * all unknown tasks of an upstream. A submit that two lists prove absent waits to be sent again.
 */
@Injectable()
export class TaskReconciler {
  constructor(
    scheduler: JobScheduler,
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly upstreams: UpstreamCache,
    private readonly candidates: CandidateCheck,
    private readonly recent: RecentLists,
    private readonly terms: FollowTerms,
  ) {
    if (!terms.options.runsWork) return;
    scheduler.add({
      name: TaskReconciler.name,
      everyMs: TICK_MS,
      dueProbe: LOOK_UPS_DUE,
      work: () => this.reconcile(),
    });
  }

  /**
   * Looks up every due task of unknown outcome once. Paused for a while after the clock was set forward: sends in
   * flight would be taken for over, and two look-ups in a row for half a minute apart.
   * @throws DatabaseUnavailableError
   */
  async reconcile(): Promise<void> {
    if (this.terms.forwardMs(this.terms.options.submitTimeoutMs + LEASE_MS) > 0) return;
    const tasks = await this.tasks.claimLookUps(BATCH, LEASE_MS);
    const byUpstream = new Map<string, Task[]>();
    for (const task of tasks)
      byUpstream.set(task.upstreamId ?? '', [...(byUpstream.get(task.upstreamId ?? '') ?? []), task]);
    await Promise.all([...byUpstream].map(([upstreamId, unknown]) => this.lookUp(upstreamId, unknown)));
  }

  private async lookUp(upstreamId: string, tasks: readonly Task[]): Promise<void> {
    const askedAt = this.terms.now();
    const correlationIds = new Set(tasks.map(({ id }) => correlationIdOf(id)));
    const answer = await this.recent.find(upstreamId, {
      since: new Date(Math.min(...tasks.map(sinceOf))),
      isEnough: (snapshots) => {
        const states = new Set(snapshots.map(({ state }) => state));
        return [...correlationIds].every((correlationId) => states.has(correlationId));
      },
    });
    const recent = answer === 'failed' ? null : answer;
    const matches = this.upstreams.find(upstreamId)?.capabilities.correlation !== 'state';
    const shown = recent?.snapshots ?? [];
    const listed = shown.filter(({ state }) => (state === null ? matches : correlationIds.has(state)));
    const taken = await this.tasks.takenUpstreamIds(
      upstreamId,
      listed.map(({ upstreamTaskId }) => upstreamTaskId),
    );
    const matched = matches
      ? matchSends(
          tasks,
          shown.filter(({ upstreamTaskId }) => !taken.has(upstreamTaskId)),
        )
      : NONE;
    const accepted = recent === null ? null : await this.acceptedSends(upstreamId, recent, tasks, askedAt);
    const isFound = (task: Task): boolean =>
      matched.has(task.id) || listed.some(({ state }) => state === correlationIdOf(task.id));
    const pushed = await this.askPushed(tasks.filter((task) => task.pushedId !== null && !isFound(task)));
    const now = this.terms.now();
    const nextLookUp = new Date(now.getTime() + (answer === 'failed' ? NEXT_TRY_MS : NEXT_LOOK_UP_MS));
    const changes = tasks
      .map((task) => this.judge(task, { recent, taken, accepted, matched, pushed, nextLookUp }, now))
      .filter((change) => change !== null);
    await this.saver.save(changes);
  }

  private judge(
    task: Task,
    { recent, taken, accepted, matched, pushed, nextLookUp }: LookedUp,
    now: Date,
  ): Change | null {
    // A listed task of an earlier attempt is not the one looked for.
    const ours =
      recent?.snapshots.filter(
        ({ state, upstreamTaskId }) => state === correlationIdOf(task.id) && taken.get(upstreamTaskId) !== 'before',
      ) ?? [];
    const snapshot =
      ours.find(({ upstreamTaskId }) => !taken.has(upstreamTaskId)) ?? matched.get(task.id) ?? pushed.get(task.id);
    if (snapshot !== undefined) {
      return task.on({ kind: 'found', source: 'reconciler', snapshot, ...this.terms.of(task) }, now);
    }
    const isAbsent = recent !== null && ours.length === 0;
    const isProven = isAbsent && accepted !== null && provesAbsence(task, recent, accepted);
    if (!isAbsent || !(isProven || deniesTask(task, recent))) return task.on(this.inconclusive(task, nextLookUp), now);
    const { maxResends } = this.terms.options;
    return task.on({ kind: 'denied', source: 'reconciler', nextLookUp, isProven, maxResends }, now);
  }

  /** Accepted sends of an upstream; null if it does not echo correlation ids, or is not known to. */
  private async acceptedSends(
    upstreamId: string,
    { snapshots }: RecentTasks,
    tasks: readonly Task[],
    askedAt: Date,
  ): Promise<AcceptedSend[] | null> {
    if (!this.recent.showCorrelationIds(upstreamId)) return null;
    const since = new Date(Math.min(...tasks.map(({ sentAt, submittedAt }) => (sentAt ?? submittedAt).getTime())));
    const listed = snapshots.map(({ upstreamTaskId }) => upstreamTaskId);
    return this.tasks.acceptedSends(upstreamId, listed, since, new Date(askedAt.getTime() - LIST_DELAY_MS));
  }

  /**
   * Confirms candidate ids of pushes: on a busy upstream, whose list does not reach back far enough, they are the only
   * trace.
   */
  private async askPushed(tasks: readonly Task[]): Promise<Map<string, Snapshot>> {
    const found = new Map<string, Snapshot>();
    for (let at = 0; at < tasks.length; at += SINGLES_AT_ONCE) {
      const batch = tasks
        .slice(at, at + SINGLES_AT_ONCE)
        .filter(({ upstreamId }) => this.upstreams.mayCall(upstreamId ?? ''));
      await Promise.all(
        batch.map(async (task) => {
          const answer = await this.candidates.confirm(task, task.pushedId ?? '');
          if (answer !== null && answer !== 'not_answered') found.set(task.id, answer);
        }),
      );
    }
    return found;
  }

  private inconclusive(task: Task, nextLookUp: Date): TaskEvent {
    const circuit = this.upstreams.circuitOf(task.upstreamId ?? '');
    return {
      kind: 'inconclusive',
      source: 'reconciler',
      nextLookUp,
      settleMs: this.terms.options.submitSettleMs,
      longestMs: this.terms.timeoutMs(task.mode),
      // While the circuit is open the upstream is not asked, and the grace period does not run; an upstream that waits
      // for its operator is still asked.
      askableSince:
        circuit?.until != null && circuit.misconfigured === null ? null : (circuit?.changedAt ?? new Date(0)),
    };
  }
}
