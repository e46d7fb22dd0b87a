import { Injectable, Logger } from '@nestjs/common';
import { JobScheduler } from '#libs/runtime';
import { UpstreamAdapter, UpstreamCallError, UpstreamCache, type Snapshot, type UpstreamTarget } from '#libs/upstream';
import { isTerminal } from '#libs/wire';
import type { PastSend } from '../task/past-send.entity.js';
import { PastSendRepository } from '../store/past-send.repository.js';
import { PAST_SENDS_DUE } from '../store/claims/claim-past-sends.js';
import { TaskSaver } from '../store/task-saver.js';
import type { Task } from '../task/task.entity.js';
import { FollowTerms } from '../follow-terms.js';
import { RecentLists } from './recent-lists.js';

const TICK_MS = 5_000;
const BATCH = 200;
const LEASE_MS = 60_000;
/**
 * Pause after each look-up of a past attempt, ms; after the last look-up the attempt is dropped. The first look-up is a
 * minute after the proof.
 */
const PAUSES_MS = [240_000, 1_500_000, 5_400_000];
/** Pause until an upstream that cannot be asked is tried again, ms; given up after a day. */
const RETRY_MS = 60_000;
const GIVE_UP_MS = 86_400_000;
/** Pause until the next look-up of an attempt whose task is being sent, ms. */
const SOON_MS = 15_000;

/**
 * Looks again for past attempts that were proven not taken: an upstream may have accepted one late, from a queue of its
 * own or of a proxy. A task that still waits adopts the late acceptance; otherwise the work is done twice, and the
 * upstream is asked to cancel it. The client is charged once either way; the operator gets an alarm.
 */
@Injectable()
export class PastSendWatch {
  private readonly log = new Logger(PastSendWatch.name);
  private readonly lateListeners: (() => void)[] = [];

  constructor(
    scheduler: JobScheduler,
    private readonly sends: PastSendRepository,
    private readonly saver: TaskSaver,
    private readonly upstreams: UpstreamCache,
    private readonly adapter: UpstreamAdapter,
    private readonly recent: RecentLists,
    private readonly terms: FollowTerms,
  ) {
    if (terms.options.runsWork)
      scheduler.add({
        name: PastSendWatch.name,
        everyMs: TICK_MS,
        dueProbe: PAST_SENDS_DUE,
        work: () => this.lookUpDue(),
      });
  }

  /** Calls `listener` for every attempt that this replica finds accepted late after its task was sent again. */
  onLate(listener: () => void): void {
    this.lateListeners.push(listener);
  }

  /** Looks every due past attempt up once. @throws DatabaseUnavailableError */
  async lookUpDue(): Promise<void> {
    const byUpstream = new Map<string, PastSend[]>();
    for (const send of await this.sends.claim(BATCH, LEASE_MS))
      byUpstream.set(send.upstreamId, [...(byUpstream.get(send.upstreamId) ?? []), send]);
    await Promise.all([...byUpstream].map(([upstreamId, sends]) => this.lookUpAtUpstream(upstreamId, sends)));
  }

  private async lookUpAtUpstream(upstreamId: string, sends: readonly PastSend[]): Promise<void> {
    const up = this.upstreams.find(upstreamId);
    const first = Math.min(...sends.map(({ sentAt, endedAt }) => (sentAt ?? endedAt).getTime()));
    const ids = sends.map(({ taskId }) => taskId);
    const shown = up === null ? null : await this.recent.unknownOf(up.id, ids, new Date(first));
    if (up === null || shown === null) {
      const now = this.terms.now().getTime();
      const isOld = ({ endedAt }: PastSend): boolean => now - endedAt.getTime() >= GIVE_UP_MS;
      await this.sends.postpone(
        sends.map((send) => ({ send, ms: isOld(send) ? null : RETRY_MS })),
        false,
      );
      return;
    }
    const soon: PastSend[] = [];
    const later: PastSend[] = [];
    const tasks = await this.sends.tasksOf(ids);
    for (const send of sends) {
      const late = shown.get(send.taskId);
      const task = tasks.get(send.taskId);
      if (late === undefined || task === undefined) later.push(send);
      else if (!(await this.onLateAcceptance(up, send, task, late))) soon.push(send);
    }
    await this.sends.postpone(
      later.map((send) => ({ send, ms: PAUSES_MS[send.looks] ?? null })),
      true,
    );
    await this.sends.postpone(
      soon.map((send) => ({ send, ms: SOON_MS })),
      false,
    );
  }

  /**
   * Handles an attempt that the upstream accepted late. False: the task is being sent or was changed concurrently, so
   * the attempt is looked up again soon.
   */
  private async onLateAcceptance(up: UpstreamTarget, send: PastSend, task: Task, late: Snapshot): Promise<boolean> {
    if (!isTerminal(task.status) && task.upstreamTaskId === null && task.aliasOf === null) {
      if (!task.waiting) return false;
      return this.adopt(up, task, late);
    }
    if (!(await this.sends.noteLate(send, late.upstreamTaskId))) return true;
    this.log.error({
      alarm: 'an upstream took a submit late',
      msg: 'the submit was proven not taken, and the task has been sent again: the work is done twice',
      taskId: task.id,
      requestId: task.requestId,
      upstream: up.name,
    });
    for (const listener of this.lateListeners) listener();
    if (late.status === null || !isTerminal(late.status)) await this.stop(up, late.upstreamTaskId);
    return true;
  }

  /** Lets the waiting task adopt the late acceptance. Always false, so that the attempt is looked up again soon. */
  private async adopt(up: UpstreamTarget, task: Task, snapshot: Snapshot): Promise<boolean> {
    const change = task.on(
      { kind: 'taken_late', source: 'reconciler', upstreamId: up.id, snapshot, ...this.terms.of(task) },
      this.terms.now(),
    );
    if (change === null || !(await this.saver.save([change])).has(task.id)) return false;
    this.log.warn({
      msg: 'an upstream took a submit late, before the task was sent again',
      taskId: task.id,
      upstream: up.name,
    });
    return false;
  }

  /** Asks the upstream to cancel work that no task needs; a failure is ignored, the work just runs on. */
  private async stop(up: UpstreamTarget, upstreamTaskId: string): Promise<void> {
    try {
      await this.adapter.cancel(up, upstreamTaskId);
    } catch (error) {
      if (!(error instanceof UpstreamCallError)) throw error;
    }
  }
}
