import { Injectable, Logger } from '@nestjs/common';
import { Database, Pulse } from '#libs/database';
import {
  UpstreamAdapter,
  UpstreamCallError,
  UpstreamOffers,
  UpstreamPool,
  type RecentQuery,
  type RecentTasks,
  type Snapshot,
} from '#libs/upstream';
import { CandidateCheck } from './candidate-check.js';
import type { Change } from './change.js';
import { LOOK_UPS_DUE } from './sql/claim.js';
import type { TaskEvent } from './task-event.js';
import { TaskSaver } from './task-saver.js';
import { markOf } from './task-mark.js';
import type { Task } from './task.entity.js';
import { DueTaskRepository } from './due-task.repository.js';
import { TrackingOptions } from './tracking-options.js';

const TICK_MS = 1_000;
const BATCH = 500;
const SINGLES_AT_ONCE = 8;
const LEASE_MS = 30_000;
const NEXT_LOOK_UP_MS = 5_000;
/** After a call that failed: what a busy upstream lists may soon be too new to show our send. */
const NEXT_TRY_MS = 1_000;
/** A list reaches back far enough when it shows something older than our send by this much; clocks differ. */
const CLOCK_MARGIN_MS = 60_000;

/** What a look-up brought. */
interface LookedUp {
  /** The upstream's newest tasks; null: none were to be had. */
  recent: RecentTasks | null;
  /** Upstream ids that tasks have already; what carries both our mark and such an id tells nothing. */
  taken: ReadonlySet<string>;
  /** What the upstream confirmed of ids that pushes named, by task. */
  pushed: ReadonlyMap<string, Snapshot>;
  nextLookUp: Date;
}

/**
 * Finds out what became of submits whose answer never came: it looks for our mark in the upstream's newest tasks, one
 * call for all unknown tasks of an upstream. Nothing is ever sent again.
 */
@Injectable()
export class TaskReconciler {
  private readonly log = new Logger(TaskReconciler.name);

  constructor(
    pulse: Pulse,
    private readonly tasks: DueTaskRepository,
    private readonly saver: TaskSaver,
    private readonly pool: UpstreamPool,
    private readonly adapter: UpstreamAdapter,
    private readonly candidates: CandidateCheck,
    private readonly offers: UpstreamOffers,
    private readonly database: Database,
    private readonly options: TrackingOptions,
  ) {
    if (!options.runsWork) return;
    pulse.add({ name: TaskReconciler.name, everyMs: TICK_MS, when: LOOK_UPS_DUE, work: () => this.reconcile() });
  }

  /** Looks every due unknown task up once. @throws DatabaseUnavailableError */
  async reconcile(): Promise<void> {
    const tasks = await this.tasks.claimLookUps(BATCH, LEASE_MS);
    const byUpstream = new Map<string, Task[]>();
    for (const task of tasks)
      byUpstream.set(task.upstreamId ?? '', [...(byUpstream.get(task.upstreamId ?? '') ?? []), task]);
    await Promise.all([...byUpstream].map(([upstreamId, unknown]) => this.lookUp(upstreamId, unknown)));
  }

  private async lookUp(upstreamId: string, tasks: readonly Task[]): Promise<void> {
    const marks = new Set(tasks.map(({ id }) => markOf(id)));
    const answer = await this.listRecent(upstreamId, {
      since: new Date(Math.min(...tasks.map(sinceOf))),
      isEnough: (snapshots) => {
        const states = new Set(snapshots.map(({ state }) => state));
        return [...marks].every((mark) => states.has(mark));
      },
    });
    const recent = answer === 'failed' ? null : answer;
    const marked = recent?.snapshots.filter(({ state }) => state !== null && marks.has(state)) ?? [];
    const taken =
      marked.length === 0
        ? new Set<string>()
        : await this.tasks.takenUpstreamIds(
            upstreamId,
            marked.map(({ upstreamTaskId }) => upstreamTaskId),
          );
    const isFound = (task: Task): boolean => marked.some(({ state }) => state === markOf(task.id));
    const pushed = await this.askPushed(tasks.filter((task) => task.pushedId !== null && !isFound(task)));
    const now = this.database.now();
    const nextLookUp = new Date(now.getTime() + (answer === 'failed' ? NEXT_TRY_MS : NEXT_LOOK_UP_MS));
    const changes = tasks
      .map((task) => this.judge(task, { recent, taken, pushed, nextLookUp }, now))
      .filter((change) => change !== null);
    await this.saver.save(changes);
  }

  private judge(task: Task, { recent, taken, pushed, nextLookUp }: LookedUp, now: Date): Change | null {
    const ours = recent?.snapshots.filter(({ state }) => state === markOf(task.id)) ?? [];
    const snapshot = ours.find(({ upstreamTaskId }) => !taken.has(upstreamTaskId)) ?? pushed.get(task.id);
    if (snapshot !== undefined) {
      const pace = { minMs: this.options.pollMinMs, random: Math.random };
      const timeoutMs = this.options.taskTimeoutMs[task.mode];
      return task.on({ kind: 'found', source: 'reconciler', snapshot, pace, timeoutMs }, now);
    }
    return recent !== null && ours.length === 0 && reachesBack(recent, sinceOf(task))
      ? task.on({ kind: 'denied', source: 'reconciler', nextLookUp }, now)
      : task.on(this.inconclusive(task, nextLookUp), now);
  }

  /** What pushes named and nobody confirmed yet: on a busy upstream, whose list does not reach back, the only trace. */
  private async askPushed(tasks: readonly Task[]): Promise<Map<string, Snapshot>> {
    const found = new Map<string, Snapshot>();
    for (let at = 0; at < tasks.length; at += SINGLES_AT_ONCE) {
      const batch = tasks
        .slice(at, at + SINGLES_AT_ONCE)
        .filter(({ upstreamId }) => this.pool.mayCall(upstreamId ?? ''));
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
    const circuit = this.pool.circuitOf(task.upstreamId ?? '');
    return {
      kind: 'inconclusive',
      source: 'reconciler',
      nextLookUp,
      settleMs: this.options.submitSettleMs,
      longestMs: this.options.taskTimeoutMs[task.mode],
      // While the circuit is open nobody is asked, and the time does not count.
      askableSince: circuit?.until != null ? null : (circuit?.changedAt ?? new Date(0)),
    };
  }

  /** Whether a list may show our mark. Where none can, its tasks end after the usual patience, without further calls. */
  private canBeFound(upstreamId: string): boolean {
    const { listsRecent, echoesState } = this.offers.of(upstreamId);
    return listsRecent !== false && echoesState !== false && this.pool.mayCall(upstreamId);
  }

  /** Null: there is no list, or nobody may ask for it now. */
  private async listRecent(upstreamId: string, query: RecentQuery): Promise<RecentTasks | null | 'failed'> {
    const up = this.pool.find(upstreamId);
    if (up === null || !this.canBeFound(upstreamId)) return null;
    try {
      const recent = await this.adapter.listRecent(up, query);
      await this.offers.learn(upstreamId, { listsRecent: recent !== null });
      return recent;
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
      this.log.warn(`upstream ${up.name} did not answer a look-up (${error.fault})`);
      return 'failed';
    }
  }
}

/** From when on its upstream may have taken a task in, ms since 1970 on the upstream's clock. */
function sinceOf({ sentAt, submittedAt }: Task): number {
  return (sentAt ?? submittedAt).getTime() - CLOCK_MARGIN_MS;
}

/**
 * Whether a list that does not show a task proves that the upstream did not have it: it must reach back before our send,
 * and every task since then must show a state, because an upstream that echoes none could hide ours.
 */
function reachesBack({ snapshots, reachesBackTo }: RecentTasks, since: number): boolean {
  const isOlder = ({ submitTime }: Snapshot): boolean => submitTime !== null && submitTime < since;
  return reachesBackTo < since && snapshots.every((snapshot) => snapshot.state !== null || isOlder(snapshot));
}
