import { Injectable } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { UpstreamCache, type RecentTasks, type Snapshot } from '#libs/upstream';
import { deniesTask, provesAbsence, sinceOf, type AcceptedSend } from '../task/rules/absence-proof.js';
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
/** After a call that failed: what a busy upstream lists may soon be too new to show our send. */
const NEXT_TRY_MS = 1_000;
/** What was accepted just before a list was asked for it need not show yet, ms. */
const LIST_DELAY_MS = 5_000;

/** What a look-up brought. */
interface LookedUp {
  /** The upstream's newest tasks; null: none were to be had. */
  recent: RecentTasks | null;
  /** Upstream ids that tasks have already; what carries both our mark and such an id tells nothing. */
  taken: ReadonlyMap<string, 'now' | 'before'>;
  /** Sends that it is known to have accepted; null: it shows no marks, so its list proves nothing. */
  accepted: readonly AcceptedSend[] | null;
  /** What the upstream confirmed of ids that pushes named, by task. */
  pushed: ReadonlyMap<string, Snapshot>;
  nextLookUp: Date;
}

/**
 * Finds out what became of submits whose answer never came: it looks for our mark in the upstream's newest tasks, one
 * call for all unknown tasks of an upstream. What two lists prove not to be there waits to be sent again.
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
   * Looks every due unknown task up once. Not for a while after the clock was set forward: sends that are under way would
   * be taken for over, and two looks in a row for half a minute apart. @throws DatabaseUnavailableError
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
    const marks = new Set(tasks.map(({ id }) => correlationIdOf(id)));
    const answer = await this.recent.find(upstreamId, {
      since: new Date(Math.min(...tasks.map(sinceOf))),
      isEnough: (snapshots) => {
        const states = new Set(snapshots.map(({ state }) => state));
        return [...marks].every((mark) => states.has(mark));
      },
    });
    const recent = answer === 'failed' ? null : answer;
    const marked = recent?.snapshots.filter(({ state }) => state !== null && marks.has(state)) ?? [];
    const taken = await this.tasks.takenUpstreamIds(
      upstreamId,
      marked.map(({ upstreamTaskId }) => upstreamTaskId),
    );
    const accepted = recent === null ? null : await this.acceptedSends(upstreamId, recent, tasks, askedAt);
    const isFound = (task: Task): boolean => marked.some(({ state }) => state === correlationIdOf(task.id));
    const pushed = await this.askPushed(tasks.filter((task) => task.pushedId !== null && !isFound(task)));
    const now = this.terms.now();
    const nextLookUp = new Date(now.getTime() + (answer === 'failed' ? NEXT_TRY_MS : NEXT_LOOK_UP_MS));
    const changes = tasks
      .map((task) => this.judge(task, { recent, taken, accepted, pushed, nextLookUp }, now))
      .filter((change) => change !== null);
    await this.saver.save(changes);
  }

  private judge(task: Task, { recent, taken, accepted, pushed, nextLookUp }: LookedUp, now: Date): Change | null {
    // What an earlier send of it made is not what is looked for.
    const ours =
      recent?.snapshots.filter(
        ({ state, upstreamTaskId }) => state === correlationIdOf(task.id) && taken.get(upstreamTaskId) !== 'before',
      ) ?? [];
    const snapshot = ours.find(({ upstreamTaskId }) => !taken.has(upstreamTaskId)) ?? pushed.get(task.id);
    if (snapshot !== undefined) {
      return task.on({ kind: 'found', source: 'reconciler', snapshot, ...this.terms.of(task) }, now);
    }
    const isAbsent = recent !== null && ours.length === 0;
    const isProven = isAbsent && accepted !== null && provesAbsence(task, recent, accepted);
    if (!isAbsent || !(isProven || deniesTask(task, recent))) return task.on(this.inconclusive(task, nextLookUp), now);
    const { maxResends } = this.terms.options;
    return task.on({ kind: 'denied', source: 'reconciler', nextLookUp, isProven, maxResends }, now);
  }

  /** Null where its tasks show no marks, or nobody knows whether they do. */
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

  /** What pushes named and nobody confirmed yet: on a busy upstream, whose list does not reach back, the only trace. */
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
      // While the circuit is open nobody is asked, and the time does not count; one that waits for its operator is asked.
      askableSince:
        circuit?.until != null && circuit.misconfigured === null ? null : (circuit?.changedAt ?? new Date(0)),
    };
  }
}
