import { Injectable } from '@nestjs/common';
import { JobScheduler, sleep } from '#libs/runtime';
import { pushedIdsIn, UpstreamCache, UpstreamCapabilities, type PushedIds } from '#libs/upstream';
import { CandidateCheck } from './candidate-check.js';
import { PushTokens } from '../task/push-token.js';
import { TaskPoller } from './task-poller.js';
import type { Task } from '../task/task.entity.js';
import { DueTaskRepository } from '../store/due-task.repository.js';

/** Debounce time of the pushes of one task, ms. */
const DISTANCE_MS = 1_000;
/** Longest back-off between attempts to confirm a candidate whose upstream does not answer, ms. */
const LONGEST_PAUSE_MS = 10_000;
/** Most attempts to adopt a candidate on a row that is changed concurrently. */
const MAX_ROUNDS = 3;

/** The pushes of one task that are being processed. */
interface Hint {
  /** Upstream ids in the newest push that had any, by the kind of upstream that would have sent it. */
  pushedIds: PushedIds;
  /** Whether another round is needed: another push came, or the candidate could not be confirmed. */
  again: boolean;
  /** Pause before the next round, ms. */
  pauseMs: number;
}

/**
 * Receives the pushes of upstreams. A push only triggers a poll: the task is polled at once, and nothing in the body is
 * trusted. For a task whose upstream id is unknown, the pushed id is a candidate that the upstream itself must confirm.
 */
@Injectable()
export class TaskPush {
  private readonly hints = new Map<string, Hint>();

  constructor(
    private readonly scheduler: JobScheduler,
    private readonly tokens: PushTokens,
    private readonly tasks: DueTaskRepository,
    private readonly poller: TaskPoller,
    private readonly candidates: CandidateCheck,
    private readonly capabilities: UpstreamCapabilities,
    private readonly upstreams: UpstreamCache,
  ) {}

  /**
   * Accepts a push and processes it in the background. False: the token is invalid.
   * @param body parsed JSON from an untrusted sender
   */
  receive(token: string, body: unknown): boolean {
    const id = this.tokens.taskIdOf(token);
    if (id === null) return false;
    // During shutdown the push is dropped; the poller of another replica reads the task.
    if (this.scheduler.shutdownSignal.aborted) return true;
    const pushedIds = pushedIdsIn(body);
    const busy = this.hints.get(id);
    if (busy === undefined) this.begin(id, pushedIds);
    else Object.assign(busy, { pushedIds: { ...busy.pushedIds, ...pushedIds }, again: true });
    return true;
  }

  private begin(id: string, pushedIds: PushedIds): void {
    const hint = { pushedIds, again: false, pauseMs: DISTANCE_MS };
    this.scheduler.run(TaskPush.name, () => this.follow(id, hint));
  }

  /** Processes the pushes of a task, at most once a second, until no more come. */
  private async follow(id: string, hint: Hint): Promise<void> {
    this.hints.set(id, hint);
    try {
      do {
        const { pushedIds, pauseMs } = hint;
        Object.assign(hint, { pushedIds: {}, again: false, pauseMs: DISTANCE_MS });
        const earliest = sleep(pauseMs, this.scheduler.shutdownSignal);
        if ((await this.hint(id, pushedIds)) === 'not_answered') {
          // This push may have been the only one with the upstream id.
          hint.pushedIds = { ...pushedIds, ...hint.pushedIds };
          hint.again ||= !this.scheduler.shutdownSignal.aborted;
          hint.pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs);
        }
        await earliest;
      } while (hint.again);
    } finally {
      this.hints.delete(id);
    }
  }

  private async hint(id: string, pushedIds: PushedIds): Promise<'done' | 'not_answered'> {
    for (let round = 1; round <= MAX_ROUNDS; round += 1) {
      const task = await this.tasks.hint(id, pushedIds);
      if (task === null) return 'done';
      const kind = this.upstreams.find(task.upstreamId ?? '')?.kind;
      const candidate = kind === undefined ? null : (pushedIds[kind] ?? null);
      if (task.upstreamId !== null) await this.capabilities.record(task.upstreamId, { pushes: true });
      if (task.nextPollAt !== null) this.poller.nudge(task.upstreamId ?? '');
      if (task.nextPollAt !== null || candidate === null || !isUpstreamIdUnknown(task)) return 'done';
      const snapshot = await this.candidates.confirm(task, candidate);
      if (snapshot === 'not_answered') return snapshot;
      if (snapshot === null || (await this.candidates.adopt(task, snapshot))) return 'done';
    }
    return 'done';
  }
}

/** Whether the upstream id of the task is still unknown: the task is being sent, or the answer was lost. */
function isUpstreamIdUnknown({ upstreamTaskId, lookUpAt }: Task): boolean {
  return upstreamTaskId === null && lookUpAt !== null;
}
